"""An edition's results as its pages need them: who may see them, titles of projects, the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from civic_budget.city.district_map import Look, draw_map, krakow_centres, steps_of
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import EditionFacts, get_edition_by_slug
from civic_budget.editions.rules import CITY_WIDE, district_of, scope_of
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.queries import ProposalFacts, list_in_states
from civic_budget.proposals.rules import PUBLIC_STATES
from civic_budget.results.acts import Act, ActKind, ActRow, PoolAfter, follow
from civic_budget.results.explaining import projects_of
from civic_budget.results.protocols import protocol_from
from civic_budget.results.queries import (
    ScopeFacts,
    are_published,
    list_acts,
    list_scope_results,
)
from civic_budget.selection import WINNING, Project, Protocol, Rule, rule_from
from civic_budget.voting.queries import RoundFacts, find_round_of_edition
from civic_budget.web.current import actor, now, reading
from civic_budget.web.locale import current_language

FEWEST_ON_MAP = 3


@dataclass(frozen=True)
class Title:
    """A project's title for a reader; `lang` is empty when it is in the reader's language."""

    text: str
    lang: str
    url: str

    @property
    def html(self) -> Markup:
        """The title with its language and a link to the proposal."""
        lang = Markup(' lang="{}"').format(self.lang) if self.lang else ""
        if not self.url:
            return Markup("<span{}>{}</span>").format(lang, self.text)
        return Markup('<a href="{}"{}>{}</a>').format(self.url, lang, self.text)


@dataclass(frozen=True)
class Decided:
    """A pool's result with its protocol and rule as the engine's values."""

    facts: ScopeFacts
    name: str
    groups: Mapping[str, tuple[str, ...]]

    @cached_property
    def protocol(self) -> Protocol:
        """Every decision of the pool."""
        return protocol_from(self.facts.protocol, scope=self.facts.scope)

    @cached_property
    def rule(self) -> Rule:
        """The rule that was declared."""
        return rule_from(self.facts.rule)

    @cached_property
    def projects(self) -> list[Project]:
        """The projects with their exclusive groups."""
        return projects_of(self.protocol, dict(self.groups))

    @property
    def winners(self) -> int:
        """How many projects won."""
        return sum(line.outcome in WINNING for line in self.facts.lines)

    @property
    def left(self) -> int:
        """What stayed in the pool, in grosze."""
        return self.facts.budget - self.facts.spent


@dataclass(frozen=True)
class EditionResults:
    """Everything that an edition's results pages show."""

    edition: EditionFacts
    round: RoundFacts | None
    scopes: Sequence[Decided]
    titles: Mapping[str, Title]
    is_public: bool
    acts: Sequence[Act] = ()

    @cached_property
    def followed(self) -> tuple[list[ActRow], dict[str, PoolAfter]]:
        """The rows of the acts that hold, and how the pools stand after them."""
        return follow({d.facts.scope: d.protocol for d in self.scopes}, self.acts)

    @property
    def approval(self) -> Act | None:
        """The act that approves the list of winners, once it holds."""
        return next((a for a in self.acts if a.holds and a.kind is ActKind.APPROVED), None)

    def act_rows(self, scope: str) -> list[ActRow]:
        """The acts about projects of a pool, in their order."""
        return [row for row in self.followed[0] if row.scope == scope]

    def left(self, scope: str) -> int:
        """What is left in a pool after all acts, in grosze."""
        return self.followed[1][scope].left

    def last_act(self, reference: str) -> ActRow | None:
        """The latest act about a project."""
        rows = [row for row in self.followed[0] if row.act.reference == reference]
        return rows[-1] if rows else None

    def scope(self, code: str) -> Decided:
        """A pool's result; raises NotFound."""
        for decided in self.scopes:
            if decided.facts.scope == code:
                return decided
        raise NotFound("no_such_pool")

    def title(self, reference: str) -> Title:
        """A project's title; its reference where no words are known."""
        return self.titles.get(reference) or Title(reference, "", "")


def load_results(slug: str) -> EditionResults:
    """The results of an edition; raises NotFound under the embargo, except for the commission."""
    edition = get_edition_by_slug(reading(), slug)
    is_public = are_published(edition, at=now())
    if not is_public and not actor().has(Role.COMMISSION):
        raise NotFound("not_published")
    scopes = list_scope_results(reading(), edition.id)
    if not scopes:
        raise NotFound("no_results_yet")
    found = find_round_of_edition(reading(), edition.id)
    groups = _groups(found)
    names = district_names(reading())
    decided = [Decided(s, say_scope(s.scope, names), groups) for s in scopes]
    ordered = sorted(decided, key=lambda d: (d.facts.scope != CITY_WIDE, d.facts.scope))
    acts = list_acts(reading(), edition.id)
    return EditionResults(edition, found, ordered, _titles(edition), is_public, acts)


def say_scope(scope: str, names: Mapping[int, str]) -> str:
    """A pool's name for people."""
    district = district_of(scope)
    return str(gettext("Whole city")) if district is None else names.get(district, scope)


def _groups(found: RoundFacts | None) -> dict[str, tuple[str, ...]]:
    if found is None:
        return {}
    return {p.id: p.groups for s in found.frozen.scopes for p in s.projects if p.groups}


def _titles(edition: EditionFacts) -> dict[str, Title]:
    language = current_language()
    listed = list_in_states(reading(), edition.id, sorted(PUBLIC_STATES))
    return {p.reference: _title(p, language) for p in listed if p.reference}


def _title(proposal: ProposalFacts, language: str) -> Title:
    words = proposal.best_words(language)
    lang = "" if words.language == language else words.language
    return Title(words.title, lang, url_for("proposals.show", proposal_id=proposal.id))


def draw_winners(found: EditionResults) -> tuple[Markup | None, list[dict[str, str]]]:
    """The map of districts by how many projects won, and its twin as a list."""
    names = district_names(reading())
    winners = {d.facts.scope: d.winners for d in found.scopes}
    numbers = {n: winners[scope_of(n)] for n in names if scope_of(n) in winners}
    links = {
        n: url_for("results.scope", slug=found.edition.slug, scope=scope_of(n)) for n in numbers
    }
    said = {n: ngettext("%(num)s winner", "%(num)s winners", count) for n, count in numbers.items()}
    districts = [
        {
            "roman": names[n].partition(" ")[0],
            "name": names[n].partition(" ")[2],
            "url": links[n],
            "count": said[n],
        }
        for n in sorted(numbers)
    ]
    centres = [centre for centre in krakow_centres() if centre.number in numbers]
    if len(centres) < FEWEST_ON_MAP:
        return None, districts
    most = max(numbers.values(), default=1) or 1
    look = Look(
        links=links,
        words={n: f"{names[n]}: {said[n]}" for n in numbers},
        steps=steps_of({n: c or None for n, c in numbers.items()}, _bounds(most)),
    )
    drawing = draw_map(
        centres,
        map_id="results-map",
        title=gettext("Winners by district"),
        description=gettext("A schematic map. Choose a district to see its results."),
        look=look,
    )
    return drawing, districts


def _bounds(most: int) -> list[float]:
    steps = min(4, most - 1)
    return [1 + most * step / (steps + 1) for step in range(1, steps + 1)]
