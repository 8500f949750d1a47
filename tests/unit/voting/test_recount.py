"""verify.py against this house's own selection: random pools under every rule, ties, annulled pools."""

import random
from dataclasses import replace

import pytest

from civic_budget.pabulib import read
from civic_budget.results.deciding import decide_all, outcomes_of
from civic_budget.selection import Draw as Lots
from civic_budget.selection import SelectionError, load_preset, protocol_to, rule_from, rule_to
from civic_budget.voting.board import Draw, Outcome, build_board
from civic_budget.voting.choice import BallotForm, BallotRule, Kind, Level, ScopeForm, Section
from civic_budget.voting.codes import control_code
from civic_budget.voting.frozen import FrozenLevel, FrozenList, FrozenProject, FrozenScope
from civic_budget.voting.opening import Ballot, Opened
from civic_budget.voting.paper_sums import PaperSums
from civic_budget.voting.rehearsing.election import election_from
from tests.unit.pabulib.samples import needs_real_files, real_files

from .boards import RULE, change, facts_of, put, run_verify, winners_of
from .builders import ROUND
from .test_verify import refusal

# Random pools under every rule: two implementations, one answer.


def random_round(draw, rule, ballot):
    ids = tuple(f"P{n}" for n in range(9, 9 + draw.randint(2, 7)))
    names = [(f"g{draw.randint(1, 3)}",) if draw.random() < 0.3 else () for _ in ids]
    projects = tuple(
        FrozenProject(p, f"Projekt {p}", draw.randint(1, 5) * 100_00, groups)
        for p, groups in zip(ids, names, strict=True)
    )
    scope = FrozenScope(
        "city", "Miasto", draw.randint(4, 12) * 100_00, ballot, rule_to(rule), projects
    )
    form = BallotForm((Level("city", (ScopeForm("city", ids, ballot),)),))
    fewest, most = form.scopes[0].bounds
    ballots = []
    for _ in range(draw.randint(1, 8)):
        picks = tuple(draw.sample(ids, draw.randint(max(1, fewest), most)))
        points = tuple(1 for _ in picks) if ballot.kind is Kind.CUMULATIVE else ()
        choice = Section("city", picks, points).text
        ballots.append(Ballot("city", control_code("city", draw.randbytes(32)), choice))
    opened = Opened(tuple(sorted(ballots)), {"web": len(ballots), "paper": 0}, {})
    return FrozenList(ROUND, "Losowa", (FrozenLevel("city", (scope,)),)), opened


APPROVAL = BallotRule(Kind.APPROVAL, max_picks=3)
CUMULATIVE = BallotRule(Kind.CUMULATIVE, max_picks=3, max_points=3)
POINTS = BallotRule(Kind.POINTS, points=(3, 2, 1))
ONE = BallotRule(Kind.ONE)
EXHAUSTIVE = {"completion": "add1-exhaustive", "utility": "points"}


def shares(**terms):
    return {"method": "equal-shares", "equal_shares": {"step": 20_00, **terms}}


RULES = [
    (POINTS, {"ballot": "ordinal", "points": [3, 2, 1], "ties": ["more-first-choices", "draw"]}),
    (POINTS, {"ballot": "ordinal", "points": [3, 2, 1], "misfit": "stop"}),
    (APPROVAL, {"ballot": "approval", "threshold": {"number": 2}, "ties": ["lower-cost"]}),
    (APPROVAL, {"ballot": "approval", "order": "votes", "threshold": {"share": "1/3"}}),
    (CUMULATIVE, {"ballot": "cumulative", "ties": ["more-votes", "higher-cost"]}),
    (CUMULATIVE, {"ballot": "cumulative", "order": "points-per-cost"}),
    (ONE, {"ballot": "choose-one", "misfit": "top-up", "top_up_share": "4/5"}),
    (APPROVAL, {"ballot": "approval", **shares()}),
    (APPROVAL, {"ballot": "approval", **shares(floor="3")}),
    (APPROVAL, {"ballot": "approval", **shares(completion="none")}),
    (POINTS, {"ballot": "ordinal", "points": [3, 2, 1], **shares(**EXHAUSTIVE)}),
    (CUMULATIVE, {"ballot": "cumulative", **shares(comparison=True)}),
    (APPROVAL, {"ballot": "approval", **shares(comparison=True, completion="none")}),
]


@pytest.mark.parametrize("number", range(len(RULES)))
@pytest.mark.parametrize("seed", ["", "7 13 21 34 40 49"])
def test_every_rule_is_recounted_to_the_same_winners(tmp_path, number, seed, verify_here):
    ballot, table = RULES[number]
    rule = rule_from({"name": "test", "draw_event": "dice", **table})
    draw = random.Random(number)
    undecided = 0
    for case in range(40):
        frozen, opened = random_round(draw, rule, ballot)
        withdrawn = tuple(p.id for p in frozen.scopes[0].projects if draw.random() < 0.1)
        outcome = winners_of(frozen.scopes[0], opened.ballots, rule, seed, withdrawn=withdrawn)
        facts = replace(
            facts_of(opened, replace(frozen, levels=())),
            frozen=frozen,
            outcomes={"city": outcome} if outcome else {},
            draw=Draw(seed, "dice") if seed else None,
        )
        undecided += outcome is None
        verify_here(put(tmp_path / str(case), build_board(facts)))
    assert undecided == 0 or not seed


@pytest.mark.parametrize("number", range(len(RULES)))
def test_an_order_drawn_before_witnesses_is_enough_to_recount_every_rule(
    tmp_path, number, verify_here
):
    ballot, table = RULES[number]
    rule = rule_from({"name": "test", "draw_event": "dice", **table})
    draw = random.Random(number)
    settled = 0
    for case in range(60):
        frozen, opened = random_round(draw, rule, ballot)
        protocol = decide_before_witnesses(frozen, opened.ballots, draw)
        outcomes = outcomes_of(frozen, {"city": protocol_to(protocol)})
        settled += bool(outcomes["city"].drawn)
        facts = replace(
            facts_of(opened, replace(frozen, levels=())),
            frozen=frozen,
            outcomes=outcomes,
            draw=None,
        )
        verify_here(put(tmp_path / str(case), build_board(facts)))
    assert settled


def a_published_round(path):
    """The frozen list and the ballots of a published election, each under a code of its own."""
    election = election_from([read(path)])
    pool, said = election.pools[0], election.ballot_rule
    ballot = BallotRule(Kind(said["kind"]), tuple(said["points"]), said["minimum"], said["maximum"])
    projects = tuple(FrozenProject(p.id, p.name, p.cost) for p in pool.projects)
    rule = rule_to(load_preset(election.preset))
    scope = FrozenScope(pool.scope, pool.name, pool.money, ballot, rule, projects)
    ballots = [
        Ballot(scope.code, control_code(scope.code, n.to_bytes(32)), section.text)
        for n, marks in enumerate(election.voters)
        for section in marks.values()
    ]
    opened = Opened(tuple(sorted(ballots)), {"web": len(ballots), "paper": 0}, {})
    return FrozenList(ROUND, "Ogłoszony", (FrozenLevel(pool.scope, (scope,)),)), opened


@pytest.mark.proof
@needs_real_files
def test_published_elections_are_recounted_to_the_same_winners_in_order(tmp_path, verify_here):
    recounted = 0
    for path in real_files():
        if "Katowice" in path.name:  # with points of nought, which no ballot of ours may hold
            continue
        frozen, opened = a_published_round(path)
        decided = decide_all(frozen, opened.ballots, Lots(seed="7 13 21"))
        protocols = {code: protocol_to(found.protocol) for code, found in decided.items()}
        facts = replace(
            facts_of(opened, replace(frozen, levels=()), seed="7 13 21"),
            frozen=frozen,
            outcomes=outcomes_of(frozen, protocols),
            paper=PaperSums(),
        )
        verify_here(put(tmp_path / path.stem, build_board(facts)))
        recounted += len(facts.outcomes)
    assert recounted


def decide_before_witnesses(frozen, ballots, draw):
    """Lots are drawn of the projects that the protocol names, and of what turns out to lack."""
    found = decide_all(frozen, ballots)["city"].protocol
    order = [one for record in found.draws for one in record.projects]
    draw.shuffle(order)
    while not found.is_complete:
        try:
            found = decide_all(frozen, ballots, Lots(order=tuple(order)))["city"].protocol
        except SelectionError as lacking:
            order.append(lacking.values["project"])
    return found


@pytest.fixture
def verify_here(monkeypatch, capsys):
    """The shipped program in this process, for many small boards."""
    import importlib
    import sys

    from civic_budget.voting import verifier

    monkeypatch.syspath_prepend(verifier.__path__[0])
    written = sys.dont_write_bytecode
    program = importlib.import_module("verify")
    sys.dont_write_bytecode = written

    def check(directory):
        code = program.main([str(directory)])
        assert code == 0, capsys.readouterr().out

    yield check
    for name in ("verify", "rules", "sums", "winners"):
        sys.modules.pop(name, None)


def two_pools(groups):
    """A park stands on both lists; the district's pool was decided first."""

    def pool(code, budget, *ids):
        listed = [FrozenProject(p, p, 100_00, groups if p[-1] == "1" else ()) for p in ids]
        return FrozenScope(code, code, budget, ONE, rule_to(RULE), tuple(listed))

    levels = (pool("city", 100_00, "C1", "C2"), pool("d01", 100_00, "D1", "D2"))
    return FrozenList(ROUND, "Park", tuple(FrozenLevel(p.code, (p,)) for p in levels))


def test_a_group_that_an_annulled_pool_had_served_is_understood_and_no_other(tmp_path):
    frozen = two_pools(("park",))
    votes = [("city", "C1"), ("city", "C1"), ("city", "C2"), ("d01", "D1")]
    ballots = [
        Ballot(scope, control_code(scope, bytes([n]) * 32), text)
        for n, (scope, text) in enumerate(votes)
    ]
    opened = Opened(tuple(sorted(ballots)), {"web": 4, "paper": 0}, {})
    decided = decide_all(frozen, opened.ballots)
    outcomes = outcomes_of(frozen, {"city": protocol_to(decided["city"].protocol)})
    assert (outcomes["city"].winners, outcomes["city"].taken) == (("C2",), {"park": "D1"})
    facts = replace(facts_of(opened, frozen), outcomes=outcomes, annulled={"d01": "Act 1"})
    code, said = run_verify(put(tmp_path / "a", build_board(facts)))
    assert (code, "d01: 1 ballots, annulled, no winners: Act 1" in said) == (0, True)
    stands = put(tmp_path / "b", build_board(replace(facts, annulled={})))
    assert "no other pool served" in refusal(stands)
    both = replace(facts, outcomes={**outcomes, "d01": Outcome(("D1",))})
    assert "annulled, yet winners" in refusal(put(tmp_path / "c", build_board(both)))


def test_a_group_that_another_vote_served_is_told_and_not_recounted(tmp_path):
    frozen = replace(two_pools(("park",)), levels=two_pools(("park",)).levels[1:])
    votes = [Ballot("d01", control_code("d01", bytes([n]) * 32), "D1") for n in range(2)]
    opened = Opened(tuple(sorted(votes)), {"web": 2, "paper": 0}, {})
    decided = decide_all(frozen, opened.ballots, served={"park": "C1"})
    outcomes = outcomes_of(frozen, {"d01": protocol_to(decided["d01"].protocol)})
    assert outcomes["d01"].winners == ("D2",)
    facts = replace(facts_of(opened, frozen), outcomes=outcomes, paper=PaperSums())
    board = put(tmp_path, build_board(facts))
    code, said = run_verify(board)
    assert (code, "park was served in another vote by C1" in said) == (0, True), said
    change(board, "manifest.json", '"park": "C1"', '"park": "C9"')
    assert "no other pool served" in refusal(board)


def test_winners_declared_while_lots_are_needed_are_refused(tmp_path):
    ids = ("A", "B")
    projects = tuple(FrozenProject(p, p, 100_00) for p in ids)
    scope = FrozenScope("city", "Miasto", 150_00, ONE, rule_to(RULE), projects)
    frozen = FrozenList(ROUND, "Remis", (FrozenLevel("city", (scope,)),))
    ballots = tuple(
        sorted(Ballot("city", control_code("city", bytes([n]) * 32), p) for n, p in enumerate(ids))
    )
    opened = Opened(ballots, {"web": 2, "paper": 0}, {})
    assert winners_of(scope, ballots) is None
    facts = replace(facts_of(opened, frozen, seed="7"), draw=None)
    assert "lots must be drawn between A, B" in refusal(put(tmp_path / "a", build_board(facts)))
    drawn = replace(facts.outcomes["city"], drawn=("B", "A"), winners=("B",))
    board = put(tmp_path / "b", build_board(replace(facts, outcomes={"city": drawn})))
    assert run_verify(board)[0] == 0
    wrong = replace(drawn, winners=("A",))
    assert refusal(put(tmp_path / "c", build_board(replace(facts, outcomes={"city": wrong}))))
