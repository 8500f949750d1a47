"""The public catalogue: search, filters, map; one proposal with its words, decisions and versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import (
    EditionName,
    category_names,
    get_edition,
    list_edition_names,
)
from civic_budget.editions.rules import Phase, scope_of
from civic_budget.kernel.decision import Denied
from civic_budget.proposals import policy, service
from civic_budget.proposals.comparing import compare_versions
from civic_budget.proposals.labels import (
    DECISION_NAMES,
    FIELD_NAMES,
    SORT_NAMES,
    SOURCE_NAMES,
    STAGE_KINDS,
    STAGE_NAMES,
    STATE_KINDS,
    STATE_NAMES,
    say_reason,
    say_scope,
)
from civic_budget.proposals.maps import draw_districts, draw_place_map
from civic_budget.proposals.queries import (
    AttachmentFacts,
    CatalogueFilter,
    get_proposal,
    list_attachments,
    list_catalogue,
    list_decisions,
    list_excluded,
    list_names,
    list_pictures,
    list_steps,
    list_versions,
    received_on_paper,
    support_of,
)
from civic_budget.proposals.queries.facts import ProposalFacts, Words
from civic_budget.proposals.rules import ProposalState
from civic_budget.proposals.support_rules import SUPPORTABLE, Support
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.web.access import Audience, access
from civic_budget.web.cleaning import asked_page
from civic_budget.web.current import actor, now, reading
from civic_budget.web.locale import current_language

SHOWN_STATES = [state for state in ProposalState if state is not ProposalState.DRAFT]


@proposals.get("/proposals")
@proposals.get("/editions/<slug>/proposals")
@access(Audience.PUBLIC)
def catalogue(slug: str | None = None) -> ResponseReturnValue:
    """Search and filter the proposals of the present edition, or of the one that is named."""
    editions = list_edition_names(reading(), at=now())
    edition = _chosen_edition(editions, slug)
    wanted = _wanted()
    names = district_names(reading())
    page = list_catalogue(
        reading(),
        edition.id,
        wanted,
        language=current_language(),
        page=asked_page(),
    )
    address = _address(slug, wanted)
    return render_template(
        "proposals/catalogue.html",
        edition=edition,
        editions=editions,
        wanted=wanted,
        found=page,
        map=draw_districts(
            page.by_scope, names, wanted.scope, lambda s: address(scope=s), page.points
        ),
        scopes=[(s, say_scope(s, names)) for s in ("city", *map(scope_of, sorted(names)))],
        categories=category_names(reading(), current_language()),
        states=[(s.value, STATE_NAMES[s]) for s in SHOWN_STATES],
        sorts=list(SORT_NAMES.items()),
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
        stage_names=STAGE_NAMES,
        stage_kinds=STAGE_KINDS,
        scope_name=lambda scope: say_scope(scope, names),
        page_url=lambda number: address(page=number),
        clear_url=url_for("proposals.catalogue", slug=slug)
        if slug
        else url_for("proposals.catalogue"),
        is_filtered=wanted != CatalogueFilter(),
    )


def _chosen_edition(editions: Sequence[EditionName], slug: str | None) -> EditionName:
    if slug is None:
        chosen = next((e for e in editions if not e.is_training and not e.is_imported), None)
    else:
        chosen = next((e for e in editions if e.slug == slug), None)
    if chosen is None:
        abort(404)
    return chosen


def _wanted() -> CatalogueFilter:
    said = request.args
    return CatalogueFilter(
        text=said.get("text", "").strip()[:100],
        scope=said.get("scope", "") if _is_scope(said.get("scope", "")) else "",
        category=said.get("category", "")[:40],
        state=said.get("state", "") if said.get("state") in set(ProposalState) else "",
        sort=said.get("sort", "number") if said.get("sort") in SORT_NAMES else "number",
    )


def _is_scope(said: str) -> bool:
    return said == "city" or (len(said) == 3 and said[0] == "d" and said[1:].isdecimal())


def _address(slug: str | None, wanted: CatalogueFilter) -> Callable[..., str]:
    """Addresses of this same list with something changed; what is empty is left out."""

    def make(**changed: object) -> str:
        values: dict[str, object] = {
            "text": wanted.text,
            "scope": wanted.scope,
            "category": wanted.category,
            "state": wanted.state,
            "sort": wanted.sort if wanted.sort != "number" else "",
            **changed,
        }
        kept = {name: value for name, value in values.items() if value}
        return url_for("proposals.catalogue", slug=slug, **kept)  # type: ignore[arg-type]

    return make


@proposals.get("/proposals/<uuid:proposal_id>")
@access(Audience.PUBLIC)
def show(proposal_id: UUID) -> ResponseReturnValue:
    """One proposal: words in a chosen language, costs, state, decisions with reasons, implementation."""
    proposal = public_proposal(proposal_id)
    names = district_names(reading())
    words = _chosen_words(proposal)
    editions = {e.id: e for e in list_edition_names(reading(), at=now())}
    return render_template(
        "proposals/show.html",
        proposal=proposal,
        words=words,
        switch=[(w.language, _text_url(proposal, w.language)) for w in _readable(proposal)],
        edition=editions.get(proposal.edition_id),
        has_result=_has_result(proposal),
        decisions=list_decisions(reading(), proposal_id),
        steps=list_steps(reading(), proposal_id),
        on_paper=received_on_paper(reading(), proposal_id),
        excluded=list_excluded(reading(), proposal_id),
        category=category_names(reading(), current_language()).get(proposal.category, ""),
        scope_name=say_scope(proposal.scope, names),
        place_map=draw_place_map(names, proposal.scope, proposal.places),
        is_author=actor().account_id in {proposal.author_account, *proposal.co_authors},
        pictures=list_pictures(reading(), proposal_id),
        attachments=_readable_attachments(proposal),
        names=list_names(reading(), proposal_id),
        **_support(proposal),
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
        decision_names=DECISION_NAMES,
        stage_names=STAGE_NAMES,
        stage_kinds=STAGE_KINDS,
        source_names=SOURCE_NAMES,
        field_names=FIELD_NAMES,
    )


def _has_result(proposal: ProposalFacts) -> bool:
    """Whether it was voted on and the results of its edition are public."""
    if proposal.ballot_number is None:
        return False
    return get_edition(reading(), proposal.edition_id).phase(now()) is Phase.RESULTS


def _readable_attachments(proposal: ProposalFacts) -> list[AttachmentFacts]:
    authors = frozenset({proposal.author_account, *proposal.co_authors})
    return [
        one
        for one in list_attachments(reading(), proposal.id)
        if policy.may_read_attachment(actor(), is_public=one.is_public, authors=authors)
    ]


def _support(proposal: ProposalFacts) -> dict[str, object]:
    """How many support it, and whether the reader may; nothing is asked when it needs nobody."""
    if proposal.state not in SUPPORTABLE:
        return {"support": Support(0, 0, 0)}
    needed = get_edition(reading(), proposal.edition_id).pool(proposal.scope).signatures
    ties = service.supporter_ties(reading(), proposal, needed, actor().account_id, now())
    may = policy.may_support(actor(), ties, at=now())
    return {
        "support": support_of(reading(), proposal.id, needed=needed),
        "may_support": bool(may),
        "has_supported": ties.has_supported,
        "why_no_support": say_reason(may.reason) if isinstance(may, Denied) else "",
    }


def public_proposal(proposal_id: UUID) -> ProposalFacts:
    """A proposal that the reader may see; others get "no such page"."""
    proposal = get_proposal(reading(), proposal_id)
    if not policy.may_see(
        actor(),
        author_account=proposal.author_account,
        state=proposal.state,
        co_authors=proposal.co_authors,
    ):
        abort(404)
    return proposal


def _readable(proposal: ProposalFacts) -> list[Words]:
    """The author's words first, then what a person has approved."""
    others = [
        words
        for code, words in sorted(proposal.words.items())
        if code != proposal.language and words.is_reviewed and words.title
    ]
    return [proposal.original, *others]


def _chosen_words(proposal: ProposalFacts) -> Words:
    said = request.args.get("text", "")
    readable = {words.language: words for words in _readable(proposal)}
    return readable.get(said) or proposal.best_words(current_language())


def _text_url(proposal: ProposalFacts, language: str) -> str:
    return url_for("proposals.show", proposal_id=proposal.id, text=language)


@proposals.get("/proposals/<uuid:proposal_id>/versions")
@access(Audience.PUBLIC)
def versions(proposal_id: UUID) -> ResponseReturnValue:
    """What the author changed from one version to the next, word by word."""
    proposal = public_proposal(proposal_id)
    kept = list_versions(reading(), proposal_id)
    return render_template(
        "proposals/versions.html",
        proposal=proposal,
        words=proposal.best_words(current_language()),
        versions=compare_versions(
            [(v.number, v.at, v.content) for v in kept], documentation=gettext("documentation")
        ),
        field_names=FIELD_NAMES,
        categories=category_names(reading(), current_language()),
    )
