"""Projects of a ballot as a voter reads them: frozen number and cost, words in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import current_app
from flask_babel import gettext, ngettext

from civic_budget.editions.queries import category_names
from civic_budget.kernel.keys import KeyRing
from civic_budget.kernel.money import say_money
from civic_budget.proposals.queries import ProposalFacts, list_for_ballot
from civic_budget.proposals.search import fold, search_stems
from civic_budget.voting.choice import Kind, ScopeForm, Section
from civic_budget.voting.frozen import FrozenScope
from civic_budget.voting.queries import RoundFacts
from civic_budget.web.current import now, reading

KEPT_FOR_SECONDS = 300


@dataclass(frozen=True)
class BallotProject:
    """A project on a ballot; `lang` is empty when its words are in the reader's language.

    `place_lang` likewise: the place is told in the author's words alone.
    """

    id: str
    number: str
    title: str
    summary: str
    description: str
    place: str
    cost: str
    grosze: int
    category: str
    lang: str
    search: str
    excludes: tuple[str, ...] = ()
    place_lang: str = ""

    @property
    def url(self) -> str:
        """No address: a request for one project from a ballot would tell what interests a voter."""
        return ""


@dataclass(frozen=True)
class Filter:
    """What a voter looks for in a list; empty fields look for everything."""

    text: str = ""
    category: str = ""
    up_to: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.text or self.category or self.up_to)

    def finds(self, project: BallotProject) -> bool:
        """Whether a project is shown."""
        return (
            all(stem in project.search for stem in search_stems(self.text))
            and self.category in ("", project.category)
            and (self.up_to is None or project.grosze <= self.up_to)
        )


def ballot_projects(
    found: RoundFacts, scope: FrozenScope, language: str
) -> Sequence[BallotProject]:
    """The projects of a list in its frozen order."""
    words = _words(found)
    listed = [
        _project(p.id, p.name, p.cost, index, words.get(p.id), language)
        for index, p in enumerate(scope.projects, 1)
    ]
    numbers = {project.id: project.number for project in listed}
    rivals = {
        p.id: tuple(
            numbers[q.id] for q in scope.projects if q is not p and {*p.groups} & {*q.groups}
        )
        for p in scope.projects
        if p.groups
    }
    return [replace(one, excludes=rivals.get(one.id, ())) for one in listed]


def in_own_order(
    projects: Sequence[BallotProject], ring: KeyRing, found: RoundFacts, person_id: UUID
) -> Sequence[BallotProject]:
    """A list in a voter's own random order: the same at each look, another for each voter.

    Keyed, so that nobody can choose a place on somebody's list; the drawn number stays beside the title.
    """
    return sorted(
        projects, key=lambda p: ring.blind("ballot-order", f"{found.id}|{person_id}|{p.id}")
    )


def _words(found: RoundFacts) -> Mapping[str, ProposalFacts]:
    """Reference → proposal. Kept in memory for minutes: a frozen list changes in its words only."""
    kept = current_app.extensions.setdefault("ballot_words", {})
    entry = kept.get(found.id)
    if entry is None or (now() - entry[0]).total_seconds() > KEPT_FOR_SECONDS:
        listed = list_for_ballot(reading(), found.edition_id)
        entry = (now(), {p.reference: p for p in listed if p.reference})
        kept.clear()
        kept[found.id] = entry
    words: Mapping[str, ProposalFacts] = entry[1]
    return words


def _project(
    project_id: str, name: str, cost: int, index: int, found: ProposalFacts | None, language: str
) -> BallotProject:
    said = found.best_words(language) if found else None
    number = str(found.ballot_number) if found and found.ballot_number else str(index)
    title = said.title if said else name
    spoken = said.language if said else "pl"
    summary = said.summary if said else ""
    return BallotProject(
        id=project_id,
        number=number,
        title=title,
        summary=summary,
        description=said.description if said else "",
        place=found.place if found else "",
        place_lang=found.language if found and found.language != language else "",
        cost=say_money(cost),
        grosze=cost,
        category=found.category if found else "",
        lang="" if spoken == language else spoken,
        search=fold(f"{number} {project_id} {name} {title} {summary}"),
    )


def categories_of(projects: Sequence[BallotProject], language: str) -> list[tuple[str, str]]:
    """The categories that occur in a list, in the city's order, with their names."""
    present = {project.category for project in projects}
    names = category_names(reading(), language)
    return [(code, name) for code, name in names.items() if code in present]


def slots(
    scope: FrozenScope, section: Section, projects: Sequence[BallotProject]
) -> list[dict[str, object]]:
    """The places of a list: points (0 where a mark is just a mark) and who stands there (or None)."""
    by_id = {project.id: project for project in projects}
    _, most = scope.ballot.bounds(len(scope.projects))
    if scope.ballot.kind is Kind.POINTS:
        worth: Sequence[int] = scope.ballot.points[:most]
    elif scope.ballot.kind is Kind.CUMULATIVE:
        worth = section.points or (1,)
    else:
        worth = (0,) * min(most, len(section.picks) + 1)
    return [
        {"points": points, "project": by_id[section.picks[i]] if i < len(section.picks) else None}
        for i, points in enumerate(worth)
    ]


def count_words(scope: ScopeForm, section: Section) -> str:
    """How far a list is filled: projects, or points where they are divided freely."""
    if scope.rule.kind is Kind.CUMULATIVE:
        given: str = ngettext(
            "%(given)s of %(num)s point given.",
            "%(given)s of %(num)s points given.",
            scope.rule.max_points,
            given=sum(section.points),
        )
        return given
    _, most = scope.bounds
    return str(gettext("%(chosen)s of %(all)s chosen.", chosen=len(section.picks), all=most))
