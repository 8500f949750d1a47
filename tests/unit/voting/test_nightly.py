"""The sealed list that observers keep: each night contains the last; order tells nothing."""

import random

import pytest

from civic_budget.voting.nightly import (
    envelope_hash,
    missing_since,
    read_sealed_list,
    sealed_list,
)

from .builders import an_urn


def hashes(urn):
    return [envelope_hash(e.tag, e.channel, e.sealed, e.mac) for e in urn.envelopes]


def test_each_night_contains_the_last_one(keys):
    all_of_them = hashes(an_urn(keys, 12, cards=3))
    monday, tuesday = sealed_list(all_of_them[:7]), sealed_list(all_of_them)
    assert (monday.count, tuesday.count) == (7, 15)
    assert missing_since(monday, tuesday.hashes) == ()


def test_a_deleted_or_replaced_envelope_shows(keys):
    urn = an_urn(keys, 5)
    monday = sealed_list(hashes(urn))
    gone = monday.hashes[2]
    rest = [found for found in monday.hashes if found != gone]
    assert missing_since(monday, [*rest, b"r" * 32]) == (gone,)


def test_the_root_depends_on_the_envelopes_and_not_on_their_order(keys):
    found = hashes(an_urn(keys, 9))
    shuffled = random.Random(1).sample(found, len(found))
    assert sealed_list(found).root == sealed_list(shuffled).root
    assert sealed_list(found[1:]).root != sealed_list(found).root


def test_an_observers_file_is_read_back_or_refused(keys):
    listed = sealed_list(hashes(an_urn(keys, 4)))
    assert read_sealed_list(listed.text) == listed
    for wrong in (listed.text + listed.text, "abcd\n", "zz\n"):
        with pytest.raises(ValueError):
            read_sealed_list(wrong)
