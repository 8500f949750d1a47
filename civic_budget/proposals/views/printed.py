"""A proposal as a sheet of paper: a tagged PDF in the reader's language, with the Polish text that counts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, ngettext

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import category_names
from civic_budget.kernel.money import say_money
from civic_budget.proposals.labels import DECISION_NAMES, FIELD_NAMES, STATE_NAMES, say_scope
from civic_budget.proposals.maps import draw_place_map, print_map
from civic_budget.proposals.queries import (
    DecisionFacts,
    ProposalFacts,
    Words,
    list_decisions,
    list_names,
)
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.catalogue import public_proposal
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading
from civic_budget.web.locale import current_language
from civic_budget.web.printing import pdf_response, qr_drawing, render_pdf
from civic_budget.web.words import say_deadline, say_moment

TOLD = ("description", "justification", "audience", "accessibility")


@proposals.get("/proposals/<uuid:proposal_id>/proposal.pdf")
@access(Audience.PUBLIC)
def sheet(proposal_id: UUID) -> ResponseReturnValue:
    """The proposal with its costs, places and decisions, to print or to keep."""
    proposal = public_proposal(proposal_id)
    name = (proposal.reference or "proposal").replace("/", "-").replace(".", "-").lower()
    return pdf_response(render_pdf("proposal", _data(proposal)), f"{name}-{current_language()}.pdf")


def _data(proposal: ProposalFacts) -> dict[str, object]:
    language = current_language()
    words = proposal.best_words(language)
    names = district_names(reading())
    where = url_for("proposals.show", proposal_id=proposal.id, _external=True)
    caption = [proposal.reference or gettext("Draft"), say_scope(proposal.scope, names)]
    if proposal.ballot_number:
        number = proposal.ballot_number
        caption.insert(0, gettext("Number %(number)s on the ballot", number=number))
    return {
        "lang": language,
        "title": words.title,
        "name_lang": words.language,
        "caption": " · ".join(caption),
        "state": f"{STATE_NAMES[proposal.state]} · {say_money(proposal.final_cost)}",
        "lead": _part("", words.summary, words.language),
        "note": _note(proposal, words),
        "facts": _facts(proposal),
        "sections": _sections(proposal, words),
        "costs": _costs(proposal),
        "places": _places(proposal, names),
        "decisions": _decisions(list_decisions(reading(), proposal.id), language),
        "binding": _binding(proposal, words),
        "qr": qr_drawing(where),
        "qr_words": gettext("The page of this proposal: %(address)s", address=where),
        "foot": f"{where} · {say_moment(now())}",
    }


def _part(title: str, text: str, language: str) -> dict[str, object]:
    lines = [line for line in text.splitlines() if line.strip()]
    return {"title": title, "lines": lines, "lang": language}


def _note(proposal: ProposalFacts, words: Words) -> str:
    """Which text this is, and which one counts."""
    if words.language == "pl":
        return ""
    if words.language != proposal.language:
        if "pl" in _approved(proposal):
            return str(gettext("A translation. The Polish text at the end counts."))
        return str(gettext("A translation. There is no approved Polish text yet."))
    if "pl" in _approved(proposal):
        return str(gettext("The author’s own words. The Polish text at the end counts."))
    return str(gettext("The author’s own words. There is no approved Polish text yet."))


def _approved(proposal: ProposalFacts) -> set[str]:
    return {code for code, words in proposal.words.items() if words.is_reviewed and words.title}


def _facts(proposal: ProposalFacts) -> list[list[str]]:
    names = list_names(reading(), proposal.id)
    categories = category_names(reading(), current_language())
    return [
        [gettext("Place"), proposal.place or "–"],
        [gettext("Category"), categories.get(proposal.category, "–")],
        [gettext("Authors"), ", ".join(names) or gettext("not named")],
        [gettext("Sent on"), say_moment(proposal.submitted_at) or "–"],
    ]


def _sections(proposal: ProposalFacts, words: Words) -> list[dict[str, object]]:
    """What this text says; where a translation is silent the author's own words stand."""
    sections = []
    for name in TOLD:
        source = words if getattr(words, name) else proposal.original
        if getattr(source, name):
            title = str(FIELD_NAMES[name])
            sections.append(_part(title, getattr(source, name), source.language))
    return sections


def _costs(proposal: ProposalFacts) -> dict[str, object]:
    rows = [
        [
            f"{c.name} ({gettext('documentation')})" if c.is_documentation else c.name,
            say_money(c.grosze),
        ]
        for c in proposal.costs
    ]
    lines = []
    if rows:
        if proposal.documentation:
            rows.append([gettext("Of that documentation"), say_money(proposal.documentation)])
        rows.append([gettext("Together"), say_money(proposal.cost)])
    if proposal.assessed_cost is not None:
        cost = say_money(proposal.assessed_cost)
        lines.append(gettext("The office’s estimate, which counts: %(cost)s.", cost=cost))
    if proposal.upkeep:
        cost = say_money(proposal.upkeep)
        lines.append(gettext("Yearly upkeep afterwards: %(cost)s.", cost=cost))
    header = [gettext("What"), gettext("Amount")]
    return {"title": gettext("Costs"), "header": header, "rows": rows, "lines": lines}


def _places(proposal: ProposalFacts, names: dict[int, str]) -> dict[str, object] | None:
    if not proposal.places:
        return None
    lines = []
    for number, place in enumerate(proposal.places, 1):
        point = "{:.5f}, {:.5f}".format(*place.point) if place.point else ""
        lines.append([str(number), " · ".join(part for part in (place.words, point) if part)])
    count = len(lines)
    drawn = draw_place_map(names, proposal.scope, proposal.places)
    return {
        "title": ngettext("%(num)s place", "%(num)s places", count),
        "map": print_map(drawn) if drawn else "",
        "alt": gettext("A schematic map: north is up, the numbers are those of the list."),
        "lines": lines,
    }


def _decisions(found: Sequence[DecisionFacts], language: str) -> dict[str, object] | None:
    if not found:
        return None
    items = []
    for one in found:
        sentence, said_in = one.sentence(language)
        texts = [{**_part("", sentence, said_in), "label": ""}] if sentence else []
        polish = one.words.get("pl", "")
        if polish and said_in != "pl":
            label = gettext("In Polish, which counts:")
            texts.append({**_part("", polish, "pl"), "label": label})
        if one.correct_by:
            day = say_deadline(one.correct_by)
            words = gettext("To be corrected by %(day)s.", day=day)
            texts.append({**_part("", words, language), "label": ""})
        what = str(DECISION_NAMES[one.action])
        items.append({"when": say_moment(one.at), "what": what, "texts": texts})
    return {"title": gettext("What the office decided"), "items": items}


def _binding(proposal: ProposalFacts, words: Words) -> dict[str, object] | None:
    """The approved Polish text, when the sheet speaks another language."""
    polish = proposal.words.get("pl")
    if words.language == "pl" or polish is None or "pl" not in _approved(proposal):
        return None
    with force_locale("pl"):
        sections = [
            _part(str(FIELD_NAMES[name]), getattr(polish, name), "pl")
            for name in ("summary", *TOLD)
            if getattr(polish, name)
        ]
    note = (
        gettext("Approved by the office and by the author.")
        if polish.author_agreed_at or polish.source == "author"
        else gettext("Approved by the office; the author has not agreed yet.")
    )
    title = gettext("The Polish text, which counts")
    return {"title": title, "note": note, "name": polish.title, "sections": sections}
