"""Proposals in a person's own copy: what they wrote, agreed to and support, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import category_names
from civic_budget.kernel.money import say_money
from civic_budget.proposals.comparing import COMPARED, say_field
from civic_budget.proposals.labels import (
    DECISION_NAMES,
    FIELD_NAMES,
    MERGE_STATE_NAMES,
    STATE_NAMES,
    say_scope,
)
from civic_budget.proposals.merge_rules import MergeState
from civic_budget.proposals.queries.own import (
    copy_co_authorships,
    copy_consents,
    copy_proposals,
    copy_supports,
)
from civic_budget.proposals.rules import TEXT_FIELDS, ProposalAction, ProposalState
from civic_budget.proposals.service import forget_author
from civic_budget.residency.copy_parts import CopyPart, Row, Section
from civic_budget.residency.copy_words import Pair, moment_of
from civic_budget.residency.own_copy import make_section
from civic_budget.web.locale import OWN_NAMES, current_language
from civic_budget.web.words import say_yes_no


def name_proposal(row: Row) -> str:
    """A proposal by its reference, if it has one, and its title."""
    return " ".join(part for part in (row["proposal"], row["title"]) if part)


def _proposals(session: Session, rows: Sequence[Row]) -> list[Section]:
    districts = district_names(session)
    categories = category_names(session, current_language())
    sections = []
    for row in rows:
        title = row["content"]["title"] or gettext("A proposal without a title yet")
        pairs = [
            *_standing(row, districts),
            *_content(row["content"], categories),
            *_translations(row),
            *_versions(row, categories),
            *_decided(row),
            *_brought(row),
        ]
        sections.append(make_section(gettext("Proposal: %(title)s", title=title), pairs))
    return sections


def _standing(row: Row, districts: Mapping[int, str]) -> list[Pair]:
    written = {"author": gettext("as its author"), "co_author": gettext("as a co-author")}
    return [
        (gettext("Reference"), row["reference"] or ""),
        (gettext("Edition"), row["edition"]),
        (gettext("State"), str(STATE_NAMES[ProposalState(row["state"])])),
        (gettext("Where"), say_scope(row["scope"], districts)),
        (gettext("Written"), written[row["written_as"]]),
        (gettext("Names shown with it"), ", ".join(row["names_shown"])),
        (gettext("Begun"), moment_of(row["begun"])),
        (gettext("Came on paper"), moment_of(row["came_on_paper"])),
        (gettext("Sent"), moment_of(row["sent"])),
        (gettext("Last change"), moment_of(row["changed"])),
        (gettext("To be corrected by"), moment_of(row["correct_by"])),
        (gettext("Withdrawn"), moment_of(row["withdrawn"])),
        (
            gettext("Cost by the office’s assessment"),
            "" if row["assessed_cost"] is None else say_money(row["assessed_cost"]),
        ),
        (gettext("Number on the ballot"), str(row["number_on_the_ballot"] or "")),
    ]


def _content(
    content: Mapping[str, Any], categories: Mapping[str, str], fields: Sequence[str] = COMPARED
) -> list[Pair]:
    return [(str(FIELD_NAMES[name]), _say(name, content, categories)) for name in fields]


def _say(name: str, content: Mapping[str, Any], categories: Mapping[str, str]) -> str:
    if name == "category":
        return categories.get(content["category"], content["category"])
    return say_field(name, content.get(name), documentation=gettext("documentation"))


def _translations(row: Row) -> list[Pair]:
    pairs = []
    for one in row["translations"]:
        pairs.append((gettext("Translation"), OWN_NAMES[one["language"]]))
        pairs += [(str(FIELD_NAMES[name]), one[name]) for name in TEXT_FIELDS]
        pairs.append((gettext("You agreed with it"), moment_of(one["you_agreed"])))
    return pairs


def _versions(row: Row, categories: Mapping[str, str]) -> list[Pair]:
    """Each version by its moment; its words only where the present ones differ."""
    pairs = []
    for one in row["versions"]:
        told = one["content"]
        differing = [
            name
            for name in COMPARED
            if _say(name, told, categories) != _say(name, row["content"], categories)
        ]
        said = moment_of(one["at"])
        if not differing:
            said = gettext("%(moment)s: as it is now", moment=said)
        pairs.append((gettext("Version %(number)s", number=one["number"]), said))
        pairs += _content(told, categories, differing)
    return pairs


def _decided(row: Row) -> list[Pair]:
    pairs = [
        (
            moment_of(one["at"]),
            _join(DECISION_NAMES[ProposalAction(one["decided"])], _in_language(one["said"])),
        )
        for one in row["decisions"]
    ]
    for one in row["merges"]:
        answered = "" if one["you_agree"] is None else say_yes_no(one["you_agree"])
        state = MERGE_STATE_NAMES[MergeState(one["state"])]
        pairs.append((gettext("Merge proposed"), _join(moment_of(one["asked"]), state)))
        pairs.append((gettext("Why it was proposed"), _in_language(one["said"])))
        pairs.append((gettext("Did the author agree?"), answered))
    return pairs


def _brought(row: Row) -> list[Pair]:
    return [
        *((gettext("Picture"), _in_language(one["seen"])) for one in row["pictures"]),
        *((gettext("Attachment"), one["title"]) for one in row["attachments"]),
        *((gettext("Signed list"), _signed(one)) for one in row["signed_lists"]),
    ]


def _signed(one: Row) -> str:
    pages = ngettext("%(num)s page", "%(num)s pages", one["pages"])
    counted = ""
    if one["counted"] is not None:
        counted = ngettext(
            "%(num)s signature counted", "%(num)s signatures counted", one["counted"]
        )
    return ", ".join(part for part in (moment_of(one["sent"]), pages, counted) if part)


def _co_authorships(session: Session, rows: Sequence[Row]) -> list[Section]:
    return [
        make_section(
            gettext("Written together: %(title)s", title=name_proposal(row)),
            [
                (gettext("Invited"), moment_of(row["invited"])),
                (gettext("Accepted"), moment_of(row["accepted"])),
                (gettext("Ended"), moment_of(row["ended"])),
            ],
        )
        for row in rows
    ]


def _consents(session: Session, rows: Sequence[Row]) -> list[Section]:
    said = {
        "own_work": gettext("that the proposal is your own work"),
        "name": gettext("that your name is shown"),
    }
    pairs = [
        (
            name_proposal(row),
            ", ".join(
                part
                for part in (said[row["agreed_to"]], row["your_words"], moment_of(row["at"]))
                if part
            ),
        )
        for row in rows
    ]
    return [make_section(gettext("What you agreed to as an author"), pairs)]


def _supports(session: Session, rows: Sequence[Row]) -> list[Section]:
    pairs = [(name_proposal(row), moment_of(row["at"])) for row in rows]
    return [make_section(gettext("Proposals that this person supports"), pairs)]


def _in_language(words: Mapping[str, str]) -> str:
    return words.get(current_language()) or words.get("pl") or next(iter(words.values()), "")


def _join(*parts: object) -> str:
    return ". ".join(str(part) for part in parts if str(part))


parts = (
    CopyPart("proposals", copy_proposals, _proposals, forget_author),
    CopyPart("co_authorships", copy_co_authorships, _co_authorships),
    CopyPart("author_consents", copy_consents, _consents),
    CopyPart("supports", copy_supports, _supports),
)
