"""Control codes: read as people type them, separate per list, signed by the round."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.voting.choice import Origin
from civic_budget.voting.codes import (
    ALPHABET,
    code_of,
    control_code,
    in_fours,
    is_signed,
    new_serial,
    paper_code,
    read_code,
    sign_code,
)

from .builders import ROUND

NONCE = bytes(range(32))


def test_a_code_is_sixty_bits_of_the_hash_that_the_specification_states():
    bits = int(hashlib.sha256(b"code|city|" + NONCE).hexdigest()[:15], 16)
    expected = ""
    for _ in range(12):
        bits, letter = divmod(bits, 32)
        expected = ALPHABET[letter] + expected
    assert control_code("city", NONCE) == expected


def test_a_paper_code_comes_from_the_cards_serial():
    serial = new_serial()
    digest = hashlib.sha256(f"paper|d01|{serial}".encode()).hexdigest()
    assert int(digest[:15], 16) == sum(
        ALPHABET.index(c) << 5 * place for place, c in enumerate(paper_code("d01", serial)[::-1])
    )
    assert code_of(Origin.PAPER, "d01", serial.encode()) == paper_code("d01", serial)
    assert code_of(Origin.WEB, "d01", NONCE) == control_code("d01", NONCE)


def test_the_codes_of_one_ballot_look_unrelated():
    assert control_code("city", NONCE) != control_code("d01", NONCE)


@given(nonce=st.binary(min_size=32, max_size=32))
def test_what_people_read_out_is_read_back(nonce):
    code = control_code("city", nonce)
    spoken = in_fours(code)
    assert len(spoken) == 14 and spoken[4] == spoken[9] == "-"
    sloppy = spoken.lower().replace("0", "o").replace("1", "l").replace("-", " \u2013 ")
    assert read_code(spoken) == read_code(sloppy) == code


def test_o_is_zero_and_i_and_l_are_one():
    assert read_code("Oo0o iIlL ABCD") == "00001111ABCD"


@pytest.mark.parametrize(
    "text", ["", "K7Q2-9FMD-4TX", "K7Q2-9FMD-4TXAA", "K7Q2-9FMD-4TXU", "ąąąąąąąąąąąą"]
)
def test_what_cannot_be_a_code_is_refused(text):
    with pytest.raises(ValueError, match="control code"):
        read_code(text)


def test_a_true_claim_of_a_missing_line_can_be_told_from_a_false_one(keys):
    code = control_code("city", NONCE)
    signature = sign_code(keys.signing, ROUND, "city", code)
    issued = (keys.verify_key, ROUND)
    assert is_signed(*issued, "city", code, signature)
    assert not is_signed(*issued, "d01", code, signature)
    assert not is_signed(*issued, "city", control_code("city", bytes(32)), signature)
    assert not is_signed(*issued, "city", code, signature[:-4])
    assert not is_signed(*issued, "city", code, "not base64 ż")
    assert not is_signed(keys.verify_key, type(ROUND)(int=1), "city", code, signature)
