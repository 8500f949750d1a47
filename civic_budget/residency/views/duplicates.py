"""Two similar records side by side, and an officer's word on them: one human, or two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.queries import staff_name_of
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import policy, service
from civic_budget.residency.forms import EmptyForm
from civic_budget.residency.identity import Identity
from civic_budget.residency.labels import KEY_NAMES, MATCH_REASONS, say_refusal
from civic_budget.residency.queries import (
    CaseFacts,
    Suspect,
    find_case_by_reference,
    get_limits,
    identity_of,
    list_suspects,
    relations_of,
)
from civic_budget.residency.rules import read_reference
from civic_budget.residency.views.blueprint import residency
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.words import say_day


@residency.get("/office/residence/<reference>/compare/<uuid:other_id>")
@access(Audience.OFFICER)
def compare(reference: str, other_id: UUID) -> ResponseReturnValue:
    """The two records side by side."""
    case = _held_case(reference)
    suspect = find_suspect(case.person_id, other_id)
    return show_both(
        case.person_id,
        suspect,
        back_url=url_for("residency.office_case", reference=case.reference),
        back_label=case.reference,
        left=case.reference,
        url=url_for("residency.judge", reference=case.reference, other_id=other_id),
    )


@residency.post("/office/residence/<reference>/compare/<uuid:other_id>")
@access(Audience.OFFICER)
def judge(reference: str, other_id: UUID) -> ResponseReturnValue:
    """Say whether the two are one human."""
    case = _held_case(reference)
    find_suspect(case.person_id, other_id)
    judge_pair(case.person_id, other_id)
    return redirect(url_for("residency.compare", reference=case.reference, other_id=other_id))


def show_both(one: UUID, suspect: Suspect, **place: str | None) -> str:
    """The page of a record beside a suspected double; `place` says where it stands and is judged."""
    return render_template(
        "residency/compare.html",
        form=EmptyForm(),
        suspect=suspect,
        rows=_compared(identity_of(reading(), one), suspect.identity),
        key_names=KEY_NAMES,
        match_reasons=MATCH_REASONS,
        said_by=staff_name_of(reading(), suspect.said_by) if suspect.said_by else "",
        proposed_by_me=suspect.verdict == "same" and suspect.said_by == actor().account_id,
        **place,
    )


def judge_pair(one: UUID, other: UUID) -> None:
    """Do what the pressed button says of two records, and tell the officer what came of it."""
    try:
        flash(_say(one, other), "success")
    except DomainError as error:
        flash(say_refusal(error), "warning")


def _say(one: UUID, other: UUID) -> str:
    values: dict[str, Any] = {"one": one, "other": other, "at": now()}
    with writing() as work:
        if request.form.get("verdict") == "different":
            if service.say_different(work, actor(), **values):
                return str(gettext("Noted: two different people."))
            return str(
                gettext(
                    "Noted: two different people. They still count as one through other records: "
                    "decide those pairs too."
                )
            )
        if service.say_same(work, actor(), **values):
            return str(gettext("The two records are merged now."))
    return str(gettext("The merge is proposed. A second officer has to agree."))


def _held_case(reference: str) -> CaseFacts:
    """The case, if this officer holds it; else the 403 page."""
    known = read_reference(reference)
    case = find_case_by_reference(reading(), known) if known else None
    if case is None:
        abort(404)
    relations, limits = relations_of(reading(), case.id), get_limits(reading())
    held = policy.is_held(relations, limits, at=now())
    holds = held and relations.claimed_by == actor().account_id
    if not holds or not policy.may_look(actor(), relations):
        abort(403)
    return case


def find_suspect(one: UUID, other: UUID) -> Suspect:
    """Only records that share a blind key can be opened side by side; else the 404 page."""
    found = next((s for s in list_suspects(reading(), one) if s.person_id == other), None)
    if found is None:
        abort(404)
    return found


def _compared(mine: Identity | None, theirs: Identity | None) -> list[dict[str, Any]]:
    """The two identities, a row for each fact."""
    terms = (
        gettext("Given names"),
        gettext("Family name"),
        gettext("Name in its own script"),
        gettext("Patronymic"),
        gettext("Birth date"),
        gettext("Address"),
    )
    rows = []
    for term, left, right in zip(terms, _values(mine), _values(theirs), strict=True):
        same = None if not left or not right else left.casefold() == right.casefold()
        rows.append({"term": term, "left": left, "right": right, "same": same})
    return rows


def _values(who: Identity | None) -> tuple[str, ...]:
    if who is None:
        return ("",) * 6
    return (
        who.given_names,
        who.family_name,
        who.original_name,
        who.patronymic,
        say_day(who.born_on),
        who.address.one_line() if who.address else "",
    )
