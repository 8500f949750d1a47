"""Opening a round: order leaves no trace, and nothing forged, copied or doubled gets through."""

import random
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest

from civic_budget.voting.choice import Origin, Section, encode_plaintext
from civic_budget.voting.codes import control_code, paper_code
from civic_budget.voting.keys import new_round_secrets
from civic_budget.voting.opening import (
    Ballot,
    OpeningRefused,
    Trouble,
    check_urn,
    open_urn,
)
from civic_budget.voting.sealing import seal

from .builders import (
    CITY,
    D1,
    FORM,
    ROUND,
    a_choice,
    a_void,
    an_urn,
    paper_ballot,
    paper_claim,
    web_envelope,
)


@pytest.fixture(scope="module")
def urn(keys):
    return an_urn(keys, voters=40, cards=10)


def troubles(keys, urn):
    return {problem.trouble for problem in check_urn(keys, urn)}


def test_a_vote_becomes_one_line_per_list_under_its_own_code(keys, opener):
    person, nonce = UUID(int=5), bytes(range(32))
    choice = {
        "city": Section("city", CITY.projects[4:1:-1]),
        "district": Section("d01", D1.projects[:3]),
    }
    urn = replace(
        an_urn(keys, 0),
        envelopes=(web_envelope(keys, person, nonce, choice),),
        eligible={keys.tag(person): person},
    )
    assert open_urn(FORM, keys, opener, urn).ballots == (
        Ballot("city", control_code("city", nonce), "BO.OM.5/26,BO.OM.4/26,BO.OM.3/26"),
        Ballot("d01", control_code("d01", nonce), "BO.D1.1/26,BO.D1.2/26,BO.D1.3/26"),
    )


def test_a_card_becomes_lines_that_its_stub_can_find(keys, opener):
    person, serial = UUID(int=6), "ABCDEFGH01234567"
    choice = a_choice(random.Random(2))
    urn = replace(
        an_urn(keys, 0),
        envelopes=(paper_claim(keys, person),),
        papers=(paper_ballot(keys, serial, choice),),
        eligible={keys.tag(person): person},
    )
    opened = open_urn(FORM, keys, opener, urn)
    assert {(b.scope, b.code) for b in opened.ballots} == {
        (section.scope, paper_code(section.scope, serial)) for section in choice.values()
    }
    assert opened.counted == {"web": 0, "paper": 1}


def test_the_order_of_casting_leaves_no_trace(keys, opener, urn):
    expected = open_urn(FORM, keys, opener, urn)
    assert [b.code for b in expected.ballots if b.scope == "city"] == sorted(
        b.code for b in expected.ballots if b.scope == "city"
    )
    for seed in range(3):
        draw = random.Random(seed)
        shuffled = replace(
            urn,
            envelopes=tuple(draw.sample(urn.envelopes, len(urn.envelopes))),
            papers=tuple(draw.sample(urn.papers, len(urn.papers))),
        )
        assert open_urn(FORM, keys, opener, shuffled) == expected


def test_nothing_opened_says_who_or_how_or_joins_the_two_lists(keys, opener, urn):
    opened = open_urn(FORM, keys, opener, urn)
    assert len(opened.ballots) == 100 and opened.counted == {"web": 40, "paper": 10}
    text = repr(opened.ballots)
    assert not any(e.tag.hex() in text for e in urn.envelopes)
    codes = Counter(ballot.code for ballot in opened.ballots)
    assert set(codes.values()) == {1}


def test_a_void_leaves_one_line_less_per_list_and_no_other_trace(keys, opener, urn):
    out = urn.envelopes[3]
    without = replace(urn, envelopes=tuple(e for e in urn.envelopes if e is not out))
    voided = replace(urn, voids=(a_void(keys, out.tag),))
    opened, clean = open_urn(FORM, keys, opener, voided), open_urn(FORM, keys, opener, without)
    assert opened.ballots == clean.ballots and opened.counted == clean.counted
    assert opened.voided == {"duplicate": 1}
    assert len(open_urn(FORM, keys, opener, urn).ballots) == len(opened.ballots) + 2


def test_an_envelope_forged_with_the_public_key_is_refused(keys, opener, urn):
    person = UUID(int=99)
    tag = keys.tag(person)
    _, stranger = new_round_secrets(ROUND)
    plaintext = encode_plaintext(FORM, Origin.WEB, bytes(32), a_choice(random.Random(1)))
    sealed = seal(keys.public_key, ROUND, tag, plaintext)
    forged = replace(urn.envelopes[0], tag=tag, sealed=sealed, mac=stranger.mac(tag, "web", sealed))
    stuffed = replace(
        urn, envelopes=(*urn.envelopes, forged), eligible={**urn.eligible, tag: person}
    )
    with pytest.raises(OpeningRefused) as caught:
        open_urn(FORM, keys, opener, stuffed)
    assert [(p.trouble, p.tag) for p in caught.value.problems] == [(Trouble.FORGED, tag.hex())]


def test_an_envelope_copied_under_another_tag_is_refused(keys, opener, urn):
    person = UUID(int=98)
    tag, sealed = keys.tag(person), urn.envelopes[0].sealed
    eligible = {**urn.eligible, tag: person}
    copied = replace(urn.envelopes[0], tag=tag)
    assert troubles(keys, replace(urn, envelopes=(*urn.envelopes, copied), eligible=eligible)) == {
        Trouble.FORGED
    }
    # Even somebody who holds k_mac can't make a copied choice open elsewhere.
    signed = replace(copied, mac=keys.mac(tag, "web", sealed))
    with pytest.raises(OpeningRefused) as caught:
        open_urn(
            FORM, keys, opener, replace(urn, envelopes=(*urn.envelopes, signed), eligible=eligible)
        )
    assert {p.trouble for p in caught.value.problems} == {Trouble.SEALED}


def test_an_altered_choice_or_channel_is_refused(keys, urn):
    first, *rest = urn.envelopes
    for altered in (
        replace(first, sealed=first.sealed[:-1] + b"\0"),
        replace(first, channel="paper"),
        replace(first, sealed=None),
    ):
        assert Trouble.FORGED in troubles(keys, replace(urn, envelopes=(altered, *rest)))


def test_a_tag_without_the_right_to_vote_stops_the_opening_until_it_is_void(keys, opener, urn):
    out = urn.envelopes[0].tag
    eligible = {tag: person for tag, person in urn.eligible.items() if tag != out}
    assert troubles(keys, replace(urn, eligible=eligible)) == {Trouble.NOT_ELIGIBLE}
    voided = replace(urn, eligible=eligible, voids=(a_void(keys, out, "ineligible"),))
    assert open_urn(FORM, keys, opener, voided).counted["web"] == 39


def test_two_records_of_one_human_give_one_vote(keys, urn):
    first, second = urn.envelopes[0].tag, urn.envelopes[1].tag
    merged = replace(urn, eligible={**urn.eligible, second: urn.eligible[first]})
    assert troubles(keys, merged) == {Trouble.SAME_PERSON}
    assert troubles(keys, replace(merged, voids=(a_void(keys, second),))) == set()


def test_voids_are_checked_too(keys, urn):
    void = a_void(keys, urn.envelopes[0].tag)
    alone = replace(void, second_by=void.first_by)
    alone = replace(alone, mac=keys.void_mac(void.tag, void.reason, void.first_by, void.first_by))
    assert troubles(keys, replace(urn, voids=(void,))) == set()
    assert troubles(keys, replace(urn, voids=(replace(void, reason="other"),))) == {
        Trouble.VOID_FORGED
    }
    assert troubles(keys, replace(urn, voids=(alone,))) == {Trouble.VOID_ALONE}
    assert troubles(keys, replace(urn, voids=(a_void(keys, b"z" * 32),))) == {
        Trouble.VOID_OF_NOTHING
    }


def test_doubled_rows_and_more_cards_than_slips_are_refused(keys, urn):
    assert Trouble.TWICE in troubles(
        keys, replace(urn, envelopes=(*urn.envelopes, urn.envelopes[0]))
    )
    assert Trouble.TWICE in troubles(keys, replace(urn, papers=(*urn.papers, urn.papers[0])))
    extra = paper_ballot(keys, "ZZZZZZZZZZZZZZZZ", a_choice(random.Random(3)))
    assert troubles(keys, replace(urn, papers=(*urn.papers, extra))) == {Trouble.TOO_MANY_CARDS}


def test_a_choice_that_breaks_the_ballots_rules_is_not_counted_silently(keys, opener, urn):
    person = UUID(int=97)
    bad = web_envelope(keys, person, bytes(32), {"city": Section("city", CITY.projects[:1])})
    stuffed = replace(
        urn, envelopes=(*urn.envelopes, bad), eligible={**urn.eligible, bad.tag: person}
    )
    with pytest.raises(OpeningRefused) as caught:
        open_urn(FORM, keys, opener, stuffed)
    assert [p.trouble for p in caught.value.problems] == [Trouble.MALFORMED]


def test_two_ballots_under_one_code_stop_the_opening(keys, opener):
    """Casting refuses a nonce used before; if one got through all the same, no line may vanish."""
    people = (UUID(int=21), UUID(int=22))
    choice = a_choice(random.Random(5))
    urn = replace(
        an_urn(keys, 0),
        envelopes=tuple(web_envelope(keys, person, b"n" * 32, choice) for person in people),
        eligible={keys.tag(person): person for person in people},
    )
    with pytest.raises(OpeningRefused) as caught:
        open_urn(FORM, keys, opener, urn)
    assert {p.trouble for p in caught.value.problems} == {Trouble.SAME_CODE}


def test_progress_is_told_to_the_end(keys, opener, urn):
    heard = []
    open_urn(FORM, keys, opener, urn, heard.append)
    assert heard == [50]
