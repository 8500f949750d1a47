"""The page of one proposal on an officer's desk: words, cards, people, opinions, notes, what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.accounts.queries import staff_name_of
from civic_budget.assessment import policy
from civic_budget.assessment.forms import AskForm, AssignForm, HandBackForm, NoteForm
from civic_budget.assessment.labels import (
    APPEAL_NAMES,
    STAGE_NAMES,
    VERDICT_KINDS,
    VERDICT_NAMES,
)
from civic_budget.assessment.queries import (
    OpinionFacts,
    department_names,
    departments_of,
    find_appeal,
    list_assessors,
    list_handbacks,
    list_notes,
    list_opinions,
)
from civic_budget.assessment.rules import Stage, due_state
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.desk import Desk, desk_of, why_not
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import category_names, get_edition
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.proposals.correcting import Correction, around, match_correction
from civic_budget.proposals.labels import (
    DECISION_NAMES,
    FIELD_NAMES,
    STATE_KINDS,
    STATE_NAMES,
    say_scope,
)
from civic_budget.proposals.maps import draw_place_map
from civic_budget.proposals.queries import (
    DecisionFacts,
    ProposalFacts,
    list_decisions,
    list_versions,
)
from civic_budget.proposals.rules import TEXT_FIELDS, ProposalAction
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading
from civic_budget.web.forms import Form
from civic_budget.web.locale import current_language


@assessment.get("/office/assessment/<uuid:proposal_id>")
@access(Audience.ASSESSOR)
def case(proposal_id: UUID) -> ResponseReturnValue:
    """One proposal: its words, its cards, its people, its notes, what may be done now."""
    return show_case(desk_of(proposal_id))


def show_case(desk: Desk, refused: Form | None = None) -> ResponseReturnValue:
    """The page of a proposal; a form that was refused stands in its place with its errors."""
    proposal, said = desk.proposal, desk.assessment
    note = refused if isinstance(refused, NoteForm) else NoteForm(formdata=None)
    names = district_names(reading())
    decisions = list_decisions(reading(), proposal.id)
    return render_template(
        "assessment/case.html",
        desk=desk,
        training=get_edition(reading(), proposal.edition_id).is_training,
        proposal=proposal,
        words=proposal.best_words("pl"),
        said=said,
        stages=[(stage, STAGE_NAMES[stage], said.verdict(stage)) for stage in Stage],
        verdict_names=VERDICT_NAMES,
        verdict_kinds=VERDICT_KINDS,
        why_not=why_not(desk.may_assess),
        decisions=decisions,
        correction=_correction(proposal, decisions),
        decision_names=DECISION_NAMES,
        notes=list_notes(reading(), proposal.id),
        note=note,
        form=refused,
        assign=refused if isinstance(refused, AssignForm) else assign_form(desk),
        **units_of(desk, refused),
        assessor_name=staff_name_of(reading(), said.assessor) if said.assessor else "",
        department_name=department_names(reading(), current_language()).get(
            said.department or "", ""
        ),
        appeal=find_appeal(reading(), proposal.id),
        appeal_names=APPEAL_NAMES,
        category=category_names(reading(), current_language()).get(proposal.category, ""),
        scope_name=say_scope(proposal.scope, names),
        place_map=draw_place_map(names, proposal.scope, proposal.places),
        text_fields=TEXT_FIELDS,
        field_names=FIELD_NAMES,
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
    )


def _correction(proposal: ProposalFacts, decisions: Sequence[DecisionFacts]) -> Correction | None:
    """What the last return asked against what the author sent after it; None when nothing came yet."""
    asked = next((d for d in decisions if d.action is ProposalAction.RETURN), None)
    if asked is None:
        return None
    versions = [(v.at, v.content) for v in list_versions(reading(), proposal.id)]
    before, after = around(versions, asked.at)
    if before is None or after is None:
        return None
    return match_correction(asked.asked, before, after, documentation=gettext("documentation"))


def assign_form(desk: Desk) -> AssignForm:
    """Who could assess it, and until when."""
    said = desk.assessment
    form = AssignForm(
        data={
            "department": said.department or "",
            "assessor": str(said.assessor) if said.assessor else "",
            "due": _day(said.due_at or _cards_due(desk)),
        }
    )
    nobody = SelectChoice("", gettext("nobody yet"))
    departments = department_names(reading(), current_language())
    form.department.choices = [
        nobody,
        *(SelectChoice(code, name) for code, name in departments.items()),
    ]
    form.assessor.choices = [
        nobody,
        *(SelectChoice(str(c.account_id), c.name) for c in list_assessors(reading())),
    ]
    return form


def _cards_due(desk: Desk) -> datetime | None:
    """The calendar's day for cards, offered while it lies ahead and nobody set another."""
    due = get_edition(reading(), desk.proposal.edition_id).side_dates.get(SideDate.CARDS_DUE)
    return due if due is not None and due > now() and not desk.assessment.assessor else None


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(CITY_ZONE).date() if moment else None


def own_departments() -> frozenset[str]:
    """The units of whoever looks."""
    account = actor().account_id
    return departments_of(reading(), account) if account else frozenset()


def units_of(desk: Desk, refused: Form | None) -> dict[str, Any]:
    """What the page of a proposal shows of units: opinions, what was given back, their forms."""
    opinions = list_opinions(reading(), desk.proposal.id)
    ask = refused if isinstance(refused, AskForm) else ask_form()
    back = refused if isinstance(refused, HandBackForm) else HandBackForm(None, prefix="back")
    return {
        "opinions": [(one, _may_answer(desk, one)) for one in opinions],
        "units": department_names(reading(), current_language()),
        "handbacks": list_handbacks(reading(), desk.proposal.id),
        "ask": ask,
        "back": back,
        "may_hand_back": bool(policy.may_hand_back(actor(), desk.ties)),
        "due_state": lambda due_at: due_state(due_at, now()).value,
        "staff_name": lambda account_id: staff_name_of(reading(), account_id),
    }


def _may_answer(desk: Desk, one: OpinionFacts) -> bool:
    is_member = one.department in own_departments()
    may = policy.may_answer_opinion(actor(), desk.ties, is_member=is_member)
    return one.is_for is None and bool(may)


def ask_form() -> AskForm:
    """Which units could be asked."""
    form = AskForm(prefix="ask")
    form.department.choices = [
        SelectChoice(code, name)
        for code, name in department_names(reading(), current_language()).items()
    ]
    return form
