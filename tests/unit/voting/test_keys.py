"""A round's secrets: what they bind together, and that a server refuses wrong ones."""

import hmac
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from civic_budget.voting.keys import (
    RoundSecrets,
    SecretsRefused,
    new_round_secrets,
    read_secrets,
    write_secrets,
)

ROUND = UUID(int=1)
KNOWN = RoundSecrets(ROUND, b"p" * 32, b"t" * 32, b"m" * 32, b"r" * 32, b"s" * 32)


def test_the_tag_is_the_keyed_hash_that_the_specification_states():
    assert KNOWN.tag(UUID(int=2), 3) == bytes.fromhex(
        "f53b534e71724a37c3f67df03782d00d8c610401bf0b325a422ca9c7308e39f9"
    )


def test_a_tag_belongs_to_one_person_one_round_one_generation():
    person = uuid4()
    other_round = replace(KNOWN, round_id=UUID(int=9))
    tags = {
        KNOWN.tag(person),
        KNOWN.tag(person, 1),
        KNOWN.tag(uuid4()),
        other_round.tag(person),
    }
    assert len(tags) == 4
    assert KNOWN.tag(person) == KNOWN.tag(person, 0)


def test_the_mac_covers_tag_channel_and_sealed_choice_without_ambiguity():
    tag = b"x" * 32
    macs = {
        KNOWN.mac(tag, "web", b"abc"),
        KNOWN.mac(tag, "web", b"abd"),
        KNOWN.mac(tag, "paper", None),
        KNOWN.mac(b"y" * 32, "web", b"abc"),
        KNOWN.mac(tag, "webabc", b""),
        KNOWN.mac(tag, "weba", b"bc"),
    }
    assert len(macs) == 6


def test_a_retry_is_the_same_nonce_with_the_same_choice():
    assert KNOWN.retry(b"n", b"c") == KNOWN.retry(b"n", b"c")
    assert KNOWN.retry(b"n", b"c") != KNOWN.retry(b"n", b"d")
    assert KNOWN.retry(b"nc", b"") != KNOWN.nonce_mac(b"nc")


def test_secrets_never_show_in_a_log_or_traceback():
    assert "74" * 8 not in repr(KNOWN) and "tttt" not in repr(KNOWN)


def test_two_rounds_share_no_key():
    (one_private, one), (other_private, other) = (new_round_secrets(uuid4()) for _ in range(2))
    values = [one_private, *vars(one).values(), other_private, *vars(other).values()]
    assert len(set(values)) == len(values)


def test_the_file_is_for_its_owner_alone_and_reads_back(tmp_path):
    path = tmp_path / "round.json"
    write_secrets(path, KNOWN)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secrets(path, round_id=ROUND, public_key=b"p" * 32, marks=None) == KNOWN
    with pytest.raises(FileExistsError):
        write_secrets(path, KNOWN)


def test_a_mark_is_the_keyed_value_that_the_specification_states():
    for number, key in enumerate((b"t", b"m", b"r", b"s")):
        name = ("k_tag", "k_mac", "k_retry", "signing")[number].encode()
        parts = (b"key mark", ROUND.bytes, name)
        text = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        mark = hmac.digest(key * 32, text, "sha256")
        assert KNOWN.marks[32 * number : 32 * number + 32] == mark


@pytest.mark.parametrize("key", ["k_tag", "k_mac", "k_retry", "signing"])
def test_one_changed_key_is_named(tmp_path, key):
    path = tmp_path / "round.json"
    write_secrets(path, replace(KNOWN, **{key: b"x" * 32}))
    with pytest.raises(SecretsRefused) as caught:
        read_secrets(path, round_id=ROUND, public_key=b"p" * 32, marks=KNOWN.marks)
    assert (caught.value.code, caught.value.details["keys"]) == (
        "round_secrets_of_another_key",
        key,
    )


def refused(path, **wanted):
    with pytest.raises(SecretsRefused) as caught:
        usual = {"round_id": ROUND, "public_key": b"p" * 32, "marks": KNOWN.marks}
        read_secrets(path, **{**usual, **wanted})
    return caught.value.code


def test_a_server_does_not_start_with_wrong_keys(tmp_path):
    path = tmp_path / "round.json"
    assert refused(path) == "round_secrets_missing"
    write_secrets(path, KNOWN)
    assert refused(path, round_id=UUID(int=5)) == "round_secrets_of_another_round"
    assert refused(path, public_key=b"q" * 32) == "round_secrets_of_another_key"
    path.chmod(0o640)
    assert refused(path) == "round_secrets_readable_by_others"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b'"k_mac": "6d', b'"k_mac": "'))
    assert refused(path) == "round_secrets_damaged"
    path.write_bytes(b"\xff not json")
    assert refused(path) == "round_secrets_damaged"
