"""Published ballots, our rules, the city's winners: equal, or the difference is named."""

from dataclasses import replace

import pytest

from civic_budget.pabulib import PbFile, VoteType, parse, read
from civic_budget.results.replay import (
    RuleMismatchError,
    Verdict,
    contest_from,
    replay,
    rule_for,
)
from civic_budget.selection import Ballot, Outcome, load_preset
from tests.unit.pabulib.samples import SAMPLE, needs_real_files, real_files

KRAKOW = load_preset("krakow")


def sample(*changes: tuple[str, str]) -> PbFile:
    """The sample file with some text replaced."""
    text = SAMPLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse(text.encode())


def test_a_file_that_agrees() -> None:
    outcome = replay(sample(), KRAKOW)

    assert outcome.protocol.winners == ("7", "9")
    assert outcome.protocol.spent == 700_00
    assert outcome.verdict is Verdict.EQUAL
    assert outcome.agrees


@pytest.mark.parametrize(
    ("change", "points", "votes"),
    [
        (("7;600;2;5", "7;600;2;4"), ("7",), ()),
        (("9;100;1;2", "9;100;2;2"), (), ("9",)),
    ],
)
def test_points_and_votes_are_checked(
    change: tuple[str, str], points: tuple[str, ...], votes: tuple[str, ...]
) -> None:
    outcome = replay(sample(change), KRAKOW)

    assert outcome.verdict is Verdict.EQUAL
    assert (outcome.points_differ, outcome.votes_differ) == (points, votes)
    assert not outcome.agrees


def test_differing_winners_are_named_and_other_money_is_told_apart() -> None:
    outcome = replay(sample(('etap 2";0', 'etap 2";2'), ("Ławki;1", "Ławki;0")), KRAKOW)

    assert outcome.verdict is Verdict.DIFFER
    assert (outcome.only_in_file, outcome.only_here) == (("8",), ("9",))
    assert outcome.funded_otherwise == ("8",)
    assert not outcome.agrees


def test_a_file_without_winners() -> None:
    file = sample(
        (";selected", ""),
        ("Zieleń;1", "Zieleń"),
        ('etap 2";0', 'etap 2"'),
        ("1;2;Ławki;1", "1;2;Ławki"),
    )
    outcome = replay(file, KRAKOW)

    assert outcome.verdict is Verdict.UNSTATED
    assert (outcome.only_here, outcome.only_in_file) == ((), ())
    assert outcome.agrees


def test_a_withdrawn_project_is_understood() -> None:
    outcome = replay(sample(("7;600", "7;999999999")), KRAKOW)

    assert outcome.protocol.row_of("7").outcome is Outcome.WITHDRAWN


def test_a_rule_for_other_ballots_is_refused() -> None:
    with pytest.raises(RuleMismatchError, match="approval ballots, the file holds ordinal"):
        replay(sample(), load_preset("warszawa"))


def test_the_city_gives_the_rule_else_a_plain_walk() -> None:
    assert rule_for(sample()).name == "krakow"
    plain = rule_for(sample(("unit;Kraków", "unit;Atlantis")))
    assert (plain.name, plain.points) == ("plain", (2, 1))
    approval = sample(("ordinal", "approval"), ("unit;Kraków", "unit;Łódź"))
    assert rule_for(approval).ballot.value == "approval"


@pytest.mark.parametrize(
    ("named", "method", "misfit", "completion", "comparison"),
    [
        ("greedy", "greedy", "skip", "none", False),
        ("greedy-no-skip", "greedy", "stop", "none", False),
        ("equalshares", "equal-shares", "skip", "none", False),
        ("equalshares/add1-comparison", "equal-shares", "skip", "add1", True),
    ],
)
def test_an_unknown_city_s_rule_is_what_the_head_says(
    named: str, method: str, misfit: str, completion: str, comparison: bool
) -> None:
    head = f"rule;{named}\nmin_project_score_threshold;2"
    rule = rule_for(sample(("unit;Kraków", "unit;Atlantis"), ("rule;greedy", head)))

    assert (rule.method.value, rule.misfit.value) == (method, misfit)
    assert (rule.equal_shares.completion.value, rule.equal_shares.comparison) == (
        completion,
        comparison,
    )
    assert rule.threshold.number == 2


@pytest.mark.parametrize("kind", VoteType)
def test_every_kind_of_ballot_has_a_plain_rule(kind: VoteType) -> None:
    file = replace(sample(("unit;Kraków", "unit;Atlantis")), vote_type=kind)

    assert replay(sample(), rule_for(sample())).agrees
    assert rule_for(file).name == "plain"


def test_voters_own_points_count_only_where_the_ballot_has_them() -> None:
    text = (
        SAMPLE.replace("ordinal", "cumulative")
        .replace("voter_id;vote", "voter_id;vote;points")
        .replace("1;7,9", "1;7,9;2,1")
        .replace("2;8,7", "2;8,7;3,0")
    )
    assert set(contest_from(parse(text.encode())).ballots) == {
        Ballot(("7", "9"), (2, 1)),
        Ballot(("8", "7"), (3, 0)),
    }
    ordinal = contest_from(parse(text.replace("cumulative", "ordinal").encode()))
    assert {ballot.points for ballot in ordinal.ballots} == {None}


@needs_real_files
def test_all_krakow_winners_of_2019_and_2021_come_out() -> None:
    files = [path for path in real_files() if "_Krakow_" in path.name]
    outcomes = {path.name: replay(read(path), KRAKOW) for path in files}

    assert len(outcomes) >= 38
    assert [name for name, o in outcomes.items() if o.verdict is not Verdict.EQUAL] == []
    assert [name for name, o in outcomes.items() if o.points_differ or o.votes_differ] == []
    assert all(outcome.protocol.is_complete for outcome in outcomes.values())


@needs_real_files
def test_other_cities_come_out_but_for_money_from_elsewhere() -> None:
    files = {path.name: read(path) for path in real_files() if "_Krakow_" not in path.name}
    outcomes = {name: replay(file, rule_for(file)) for name, file in files.items()}
    differing = {name: o for name, o in outcomes.items() if not o.agrees}

    assert len(outcomes) >= 10
    assert list(differing) == ["Poland_Gdynia_2020_Redlowo__small.pb"]
    redlowo = differing["Poland_Gdynia_2020_Redlowo__small.pb"]
    assert redlowo.only_in_file == redlowo.funded_otherwise == ("8",)
    assert redlowo.only_here == ()


@needs_real_files
def test_wieliczka_by_equal_shares_thirty_of_thirty() -> None:
    file = read(next(path for path in real_files() if "Wieliczka" in path.name))
    outcome = replay(file, load_preset("wieliczka"))

    assert outcome.verdict is Verdict.EQUAL
    assert len(outcome.protocol.winners) == 30
    assert outcome.protocol.spent == 995_079_00
    assert outcome.protocol.adopted == "equal-shares"
