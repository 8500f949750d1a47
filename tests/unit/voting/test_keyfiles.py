"""Two of three members open a round; nobody alone, nor with the wrong file or passphrase."""

import json
from itertools import combinations
from uuid import UUID

import pytest

from civic_budget.voting.keyfiles import (
    DamagedKeyFile,
    ForeignKeyFile,
    TooFewKeyFiles,
    WeakPassphrase,
    WrongPassphrase,
    fingerprint,
    open_key_files,
    prove_opening,
    split_material,
    suggest_passphrase,
    write_key_files,
)
from civic_budget.voting.keys import new_round_secrets, secrets_from_bytes, secrets_to_bytes

from .builders import ROUND

PHRASES = ("zażółć gęślą jaźń", "second member phrase", "third member phrase")
CHEAP = 1 << 4


@pytest.fixture(scope="module")
def files(both):
    private_key, keys = both
    return write_key_files(
        private_key, round_id=ROUND, public_key=keys.public_key, passphrases=PHRASES, cost=CHEAP
    )


@pytest.fixture
def open_with(keys):
    def opening(*held):
        return open_key_files(held, round_id=ROUND, public_key=keys.public_key)

    return opening


@pytest.mark.parametrize("pair", list(combinations(range(3), 2)))
def test_any_two_members_open_in_any_order(files, open_with, private_key, pair):
    held = [(files[i], PHRASES[i]) for i in pair]
    assert open_with(*held) == open_with(*held[::-1]) == private_key


def test_three_members_may_come_too(files, open_with, private_key):
    assert open_with(*zip(files, PHRASES, strict=True)) == private_key


def test_one_member_alone_opens_nothing_even_twice(files, open_with):
    for held in ([], [(files[0], PHRASES[0])], [(files[0], PHRASES[0])] * 2):
        with pytest.raises(TooFewKeyFiles):
            open_with(*held)


def test_a_wrong_passphrase_is_told_with_its_member(files, open_with):
    wrong = 0
    for attempt in range(20):
        with pytest.raises(WrongPassphrase) as caught:
            open_with((files[0], PHRASES[0]), (files[1], f"not the phrase {attempt}"))
        wrong += caught.value.details["member"] == 2
    assert wrong >= 17  # one byte tells it, so one miss in 256 is told without a name


def test_passphrases_are_forgiving_about_spaces_and_composed_letters(files, open_with, private_key):
    typed = "  zaz\u0307o\u0301łc\u0301   ge\u0328s\u0301la\u0328 jaz\u0301n\u0301 "
    assert open_with((files[0], typed), (files[2], PHRASES[2])) == private_key


def test_a_damaged_file_is_refused_before_any_passphrase(files, open_with):
    flipped = files[0].replace(b'"secret": "', b'"secret": "0', 1)
    for content in (flipped, files[0][:-40], b"", b"[]", b"\xff\xfe", b'{"format": 1}'):
        with pytest.raises(DamagedKeyFile):
            open_with((content, PHRASES[0]), (files[1], PHRASES[1]))


def test_a_file_of_another_round_or_another_setup_is_refused(files, both, keys):
    with pytest.raises(ForeignKeyFile) as caught:
        open_key_files([(files[0], PHRASES[0])], round_id=UUID(int=8), public_key=keys.public_key)
    assert caught.value.details["found"] == str(ROUND)
    _, other = new_round_secrets(ROUND)
    with pytest.raises(ForeignKeyFile):
        open_key_files([(files[0], PHRASES[0])], round_id=ROUND, public_key=other.public_key)
    again = write_key_files(
        both[0], round_id=ROUND, public_key=keys.public_key, passphrases=PHRASES, cost=CHEAP
    )
    with pytest.raises(ForeignKeyFile):
        open_key_files(
            [(files[0], PHRASES[0]), (again[1], PHRASES[1])],
            round_id=ROUND,
            public_key=keys.public_key,
        )


def test_no_file_holds_the_key_in_clear_nor_a_wrap_of_others(files, private_key):
    for member, content in enumerate(files, 1):
        assert private_key.hex().encode() not in content
        wraps = json.loads(content)["wraps"]
        assert len(wraps) == 2 and all(str(member) in name.split("+") for name in wraps)


def test_passphrases_without_the_second_file_open_nothing(files, keys):
    """The other member's secret is only in the other file: knowing both phrases isn't enough."""
    first, second = json.loads(files[0]), json.loads(files[1])
    assert second["secret"] not in files[0].decode() and first["secret"] != second["secret"]


def test_the_demo_uses_one_file(private_key, keys):
    phrase = suggest_passphrase()
    (only,) = write_key_files(
        private_key,
        round_id=ROUND,
        public_key=keys.public_key,
        passphrases=[phrase],
        threshold=1,
        cost=CHEAP,
    )
    opened = open_key_files([(only, phrase)], round_id=ROUND, public_key=keys.public_key)
    assert opened == private_key


def test_at_the_end_the_server_secrets_go_into_the_key_files_too(both):
    private_key, keys = both
    files = write_key_files(
        private_key + secrets_to_bytes(keys),
        round_id=ROUND,
        public_key=keys.public_key,
        passphrases=PHRASES,
        cost=CHEAP,
    )
    held = list(zip(files, PHRASES, strict=True))[1:]
    material = open_key_files(held, round_id=ROUND, public_key=keys.public_key)
    found_key, content = split_material(material)
    assert found_key == private_key
    assert secrets_from_bytes(content, round_id=ROUND) == keys


def test_a_short_passphrase_is_refused(private_key, keys):
    with pytest.raises(WeakPassphrase):
        write_key_files(
            private_key,
            round_id=ROUND,
            public_key=keys.public_key,
            passphrases=("short", *PHRASES[1:]),
            cost=CHEAP,
        )


def test_fingerprints_differ_and_name_the_exact_bytes(files):
    assert len({fingerprint(content) for content in files}) == 3
    assert fingerprint(files[0]) != fingerprint(files[0] + b"\n")


def test_a_round_is_ready_only_when_a_test_envelope_opened(private_key, keys):
    prove_opening(private_key, round_id=ROUND, public_key=keys.public_key)
    other_private, _ = new_round_secrets(ROUND)
    with pytest.raises(ForeignKeyFile):
        prove_opening(other_private, round_id=ROUND, public_key=keys.public_key)
