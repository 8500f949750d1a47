"""What may be marked, and that the bytes sealed say nothing by their length or order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.voting.choice import (
    BallotForm,
    BallotRule,
    Fault,
    Kind,
    Level,
    Origin,
    Reason,
    ScopeForm,
    Section,
    decode_plaintext,
    encode_choice,
    encode_plaintext,
    find_faults,
    form_as_data,
    form_from_data,
    read_section,
)

from .builders import CITY, D1, D2, FORM, a_choice

ENTITLED = {"city": frozenset({"city"}), "district": frozenset({"d01"})}
CITY_OK = Section("city", CITY.projects[:3])
D1_OK = Section("d01", D1.projects[:3])
NONCE = bytes(range(32))


def faults(city=CITY_OK, district=D1_OK, entitled=ENTITLED):
    choice = {"city": city, "district": district}
    marked = {level: section for level, section in choice.items() if section}
    return find_faults(FORM, marked, entitled=entitled)


def test_three_and_three_is_a_valid_vote():
    assert faults() == ()


@pytest.mark.parametrize(
    ("district", "fault"),
    [
        (None, Fault(Reason.MISSING, "district", 3)),
        (Section("d01", D1.projects[:2]), Fault(Reason.TOO_FEW, "district", 3)),
        (Section("d01", D1.projects[:4]), Fault(Reason.TOO_MANY, "district", 3)),
        (Section("d02", D2.projects), Fault(Reason.WRONG_SCOPE, "district")),
        (Section("city", CITY.projects[:3]), Fault(Reason.WRONG_SCOPE, "district")),
    ],
)
def test_each_broken_rule_has_its_reason(district, fault):
    assert faults(district=district) == (fault,)


def test_the_same_project_twice_is_told_with_the_project():
    first, second = D1.projects[:2]
    found = faults(district=Section("d01", (first, second, first)))
    assert Fault(Reason.TWICE, "district", project=first) in found
    assert Fault(Reason.TOO_FEW, "district", 3) in found


def test_a_project_of_another_list_is_unknown_here():
    found = faults(district=Section("d01", (*D1.projects[:2], CITY.projects[0])))
    assert found == (Fault(Reason.UNKNOWN, "district", project=CITY.projects[0]),)


def test_a_short_pool_asks_for_as_many_projects_as_it_has():
    entitled = {**ENTITLED, "district": frozenset({"d02"})}
    assert faults(district=Section("d02", D2.projects), entitled=entitled) == ()
    found = faults(district=Section("d02", D2.projects[:1]), entitled=entitled)
    assert found == (Fault(Reason.TOO_FEW, "district", 2),)


def test_a_district_that_does_not_vote_asks_nothing_of_its_residents():
    assert faults(district=None, entitled={"city": frozenset({"city"})}) == ()


def test_where_any_district_may_be_chosen_both_are_accepted():
    entitled = {**ENTITLED, "district": frozenset({"d01", "d02"})}
    assert faults(entitled=entitled) == ()
    assert faults(district=Section("d02", D2.projects), entitled=entitled) == ()


def one_list(rule, projects=5):
    ids = tuple(f"p{n}" for n in range(projects))
    return BallotForm((Level("city", (ScopeForm("city", ids, rule),)),))


def marks(form, picks, points=()):
    choice = {"city": Section("city", tuple(picks), tuple(points))}
    return [f.reason for f in find_faults(form, choice, entitled={"city": frozenset({"city"})})]


def test_approval_takes_up_to_its_maximum():
    form = one_list(BallotRule(Kind.APPROVAL, min_picks=1, max_picks=2))
    assert marks(form, ["p0"]) == marks(form, ["p4", "p0"]) == []
    assert marks(form, ["p0", "p1", "p2"]) == [Reason.TOO_MANY]


def test_choose_one_takes_one():
    form = one_list(BallotRule(Kind.ONE))
    assert marks(form, ["p3"]) == []
    assert marks(form, ["p3", "p1"]) == [Reason.TOO_MANY]


def test_cumulative_points_may_not_exceed_their_sum():
    form = one_list(BallotRule(Kind.CUMULATIVE, max_picks=3, max_points=3))
    assert marks(form, ["p0"], [3]) == marks(form, ["p0", "p2"], [2, 1]) == []
    assert marks(form, ["p0", "p2"], [2, 2]) == [Reason.TOO_MANY_POINTS]
    assert marks(form, ["p0", "p2"], [3, 0]) == [Reason.POINTS_MISSING]
    assert marks(form, ["p0", "p2"], [3]) == [Reason.POINTS_MISSING]


def test_every_plaintext_of_a_round_has_one_length():
    draw = random.Random(4)
    sizes = {
        len(encode_plaintext(FORM, Origin.WEB, draw.randbytes(32), a_choice(draw)))
        for _ in range(200)
    }
    blank = encode_plaintext(FORM, Origin.WEB, NONCE, {})
    card = encode_plaintext(FORM, Origin.PAPER, b"0123456789ABCDEF", {"city": CITY_OK})
    assert sizes == {len(blank)} == {len(card)} == {FORM.plaintext_size}


@given(seed=st.integers(0, 2**32))
def test_a_choice_comes_back_as_it_was_made(seed):
    draw = random.Random(seed)
    choice, nonce = a_choice(draw), draw.randbytes(32)
    plaintext = encode_plaintext(FORM, Origin.WEB, nonce, choice)
    assert decode_plaintext(FORM, plaintext) == (Origin.WEB, nonce, choice)


def test_where_order_means_nothing_it_leaves_no_trace():
    form = one_list(BallotRule(Kind.APPROVAL))
    one = encode_choice(form, {"city": Section("city", ("p4", "p0", "p2"))})
    other = encode_choice(form, {"city": Section("city", ("p2", "p4", "p0"))})
    assert one == other


def test_where_order_carries_the_points_it_is_kept():
    one = encode_choice(FORM, {"city": Section("city", CITY.projects[:3])})
    other = encode_choice(FORM, {"city": Section("city", CITY.projects[2::-1])})
    assert one != other


@given(position=st.integers(0, FORM.plaintext_size - 1), flip=st.integers(1, 255))
def test_no_other_bytes_pass_for_the_same_ballot(position, flip):
    plaintext = bytearray(
        encode_plaintext(FORM, Origin.WEB, NONCE, {"city": CITY_OK, "district": D1_OK})
    )
    plaintext[position] ^= flip
    try:
        opened = decode_plaintext(FORM, bytes(plaintext))
    except ValueError:
        return
    assert encode_plaintext(FORM, *opened) == bytes(plaintext)
    assert opened != (Origin.WEB, NONCE, {"city": CITY_OK, "district": D1_OK})


def test_marks_that_break_the_rule_do_not_decode():
    plaintext = encode_plaintext(
        FORM, Origin.WEB, NONCE, {"city": Section("city", ("BO.OM.1/26",))}
    )
    with pytest.raises(ValueError, match="too_few"):
        decode_plaintext(FORM, plaintext)


def test_the_ballot_survives_being_stored_as_data():
    assert form_from_data(form_as_data(FORM)) == FORM


@pytest.mark.parametrize("section", [CITY_OK, Section("city", ("a", "b"), (2, 1))])
def test_the_boards_text_is_read_back(section):
    assert read_section("city", section.text) == section


@pytest.mark.parametrize("project", ["a,b", "a;b", "a b", 'a"b', "", "a\nb"])
def test_a_project_id_that_would_break_the_boards_lines_is_refused(project):
    with pytest.raises(ValueError, match="project id"):
        BallotForm((Level("city", (ScopeForm("city", (project,), KRAKOW_ONE),)),))


KRAKOW_ONE = BallotRule(Kind.ONE)
