"""Small elections for the tests, and references that try everything the slow way."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import permutations

from hypothesis import strategies as st

from civic_budget.selection import Ballot, BallotKind, Measure, Misfit, Order, Project, Rule

KRAKOW = Rule(name="test", ballot=BallotKind.ORDINAL, points=(3, 2, 1))
APPROVAL = Rule(name="test", ballot=BallotKind.APPROVAL)
Election = tuple[list[Project], "Counter[Ballot]", int]


def projects_of(**costs: int) -> list[Project]:
    """Projects by id and cost."""
    return [Project(name, cost) for name, cost in costs.items()]


def ballots_of(*choices: str) -> Counter[Ballot]:
    """Ballots as words of one-letter projects; "ab*3" is cast three times."""
    found: Counter[Ballot] = Counter()
    for choice in choices:
        picks, _, times = choice.partition("*")
        found[Ballot(tuple(picks))] += int(times or 1)
    return found


@st.composite
def elections(
    draw: st.DrawFn, *, most_picks: int = 3, most_projects: int = 5, groups: bool = True
) -> Election:
    """A few projects of small costs, a few ballots, a budget that is often too small."""
    ids = "abcdefgh"[: draw(st.integers(1, most_projects))]
    names = st.sampled_from(("x", "y"))
    some = st.frozensets(names, max_size=1) if groups else st.just(frozenset())
    projects = [
        Project(name, draw(st.integers(0, 30)), groups=draw(some), withdrawn=draw(rarely()))
        for name in ids
    ]
    choice = st.lists(st.sampled_from(ids), unique=True, max_size=most_picks)
    picks = draw(st.lists(choice, max_size=7))
    ballots = Counter(Ballot(tuple(pick)) for pick in picks)
    return projects, ballots, draw(st.integers(0, 60))


def rarely() -> st.SearchStrategy[bool]:
    """True once in eight."""
    return st.integers(0, 7).map(lambda number: number == 0)


rules = st.builds(
    Rule,
    name=st.just("test"),
    ballot=st.just(BallotKind.ORDINAL),
    points=st.just((3, 2, 1)),
    order=st.sampled_from((Order.POINTS, Order.VOTES)),
    misfit=st.sampled_from(Misfit),
    threshold=st.builds(
        lambda number: type(KRAKOW.threshold)(measure=Measure.VOTES, number=number),
        st.integers(0, 2),
    ),
)


def score(project: str, ballots: Counter[Ballot], rule: Rule) -> tuple[int, int]:
    """Points and votes, counted ballot by ballot."""
    points = votes = 0
    for ballot in ballots.elements():
        for place, pick in enumerate(ballot.picks):
            if pick == project:
                votes += 1
                points += rule.points[place] if rule.points else 1
    return points, votes


def walk(order: Sequence[Project], rule: Rule, budget: int) -> frozenset[str]:
    """Greedy on a list without ties, step by step; the ids that win."""
    won: list[Project] = []
    left = budget
    for project in order:
        if any(project.groups & winner.groups for winner in won):
            continue
        if project.cost <= left:
            won.append(project)
            left -= project.cost
        elif rule.misfit is not Misfit.SKIP:
            if rule.misfit is Misfit.TOP_UP and left >= rule.top_up_share * project.cost:
                won.append(project)
            break
    return frozenset(project.id for project in won)


def greedy_results(election: Election, rule: Rule) -> set[frozenset[str]]:
    """The winners under every order of equal projects."""
    projects, ballots, budget = election
    by_votes = rule.order is Order.VOTES
    scores = {p.id: score(p.id, ballots, rule) for p in projects}
    running = [p for p in projects if not p.withdrawn and scores[p.id][1] >= rule.threshold.number]
    return {
        walk(sorted(order, key=lambda p: -scores[p.id][by_votes]), rule, budget)
        for order in permutations(running)
    }


def shares_winners(election: Election, order: Sequence[str], *, by_cost: bool) -> list[str]:
    """Equal Shares without completion, every voter alone, equal prices in the given order."""
    projects, ballots, budget = election
    voters = list(ballots.elements())
    if not voters:
        return []
    money = [Fraction(budget, len(voters))] * len(voters)
    open_projects = {p.id: p for p in projects if not p.withdrawn}
    won: list[str] = []
    while True:
        prices = {}
        for project in open_projects.values():
            backers = [n for n, ballot in enumerate(voters) if project.id in ballot.picks]
            paid = price_for(project.cost, [money[n] for n in backers])
            if paid is not None:
                prices[project.id] = paid / project.cost if by_cost and project.cost else paid
        if not prices:
            return won
        best = min(prices, key=lambda key: (prices[key], order.index(key)))
        project = open_projects.pop(best)
        each = prices[best] * (project.cost if by_cost and project.cost else 1)
        for n, ballot in enumerate(voters):
            if best in ballot.picks:
                money[n] -= min(money[n], each)
        won.append(best)
        open_projects = {
            key: other for key, other in open_projects.items() if not other.groups & project.groups
        }


def price_for(cost: int, purses: Iterable[Fraction]) -> Fraction | None:
    """The equal payment that covers a cost when poorer backers give all they have."""
    waiting = sorted(purses)
    if not waiting or sum(waiting) < cost:
        return None
    owed = Fraction(cost)
    for position, purse in enumerate(waiting):
        each = owed / (len(waiting) - position)
        if each <= purse:
            return each
        owed -= purse
    raise AssertionError("backers can afford it")
