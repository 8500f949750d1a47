"""Envelopes open only with the commission's key, and only under their own tag."""

import pytest

from civic_budget.voting.sealing import (
    EnvelopeDoesNotOpen,
    Opener,
    seal,
    seal_reproducibly,
    sealed_size,
)

from .builders import FORM, ROUND

TAG, OTHER_TAG = b"a" * 32, b"b" * 32
PLAIN = bytes(FORM.plaintext_size)


def test_what_is_sealed_opens_and_always_has_the_same_length(keys, opener):
    sealed = [seal(keys.public_key, ROUND, TAG, PLAIN) for _ in range(3)]
    assert {len(one) for one in sealed} == {sealed_size(FORM.plaintext_size)}
    assert len(set(sealed)) == 3
    assert opener.open(ROUND, TAG, sealed[0]) == PLAIN


def test_an_envelope_copied_to_another_tag_or_round_does_not_open(keys, opener):
    sealed = seal(keys.public_key, ROUND, TAG, PLAIN)
    with pytest.raises(EnvelopeDoesNotOpen):
        opener.open(ROUND, OTHER_TAG, sealed)
    with pytest.raises(EnvelopeDoesNotOpen):
        opener.open(type(ROUND)(int=3), TAG, sealed)


def test_altered_truncated_or_foreign_bytes_do_not_open(keys, opener):
    sealed = seal(keys.public_key, ROUND, TAG, PLAIN)
    altered = sealed[:50] + bytes([sealed[50] ^ 1]) + sealed[51:]
    for wrong in (altered, sealed[:-1], sealed[:20], b""):
        with pytest.raises(EnvelopeDoesNotOpen):
            opener.open(ROUND, TAG, wrong)
    with pytest.raises(EnvelopeDoesNotOpen):
        Opener(bytes(range(32))).open(ROUND, TAG, sealed)


def test_a_rehearsals_envelope_is_the_same_each_time_and_opens_like_any_other(keys, opener):
    made = [
        seal_reproducibly(bytes(range(32)), keys.public_key, ROUND, TAG, PLAIN) for _ in range(2)
    ]
    assert made[0] == made[1]
    assert opener.open(ROUND, TAG, made[0]) == PLAIN
