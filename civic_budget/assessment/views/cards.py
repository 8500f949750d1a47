"""A card's page: one answer and one comment for each criterion."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.assessment import service
from civic_budget.assessment.forms import CardForm, card_form
from civic_budget.assessment.labels import STAGE_NAMES, VERDICT_NAMES, say_fault, say_refusal
from civic_budget.assessment.queries import get_answers, list_criteria
from civic_budget.assessment.rules import CriterionWords, Stage, Verdict
from civic_budget.assessment.service import BadAnswers
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.desk import Desk, desk_of, turn_back
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals.labels import FIELD_NAMES
from civic_budget.proposals.rules import TEXT_FIELDS
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language


@assessment.route("/office/assessment/<uuid:proposal_id>/card/<stage>", methods=["GET", "POST"])
@access(Audience.ASSESSOR)
def card(proposal_id: UUID, stage: str) -> ResponseReturnValue:
    """Fill in a card; unanswered criteria may wait."""
    if stage not in set(Stage):
        abort(404)
    chosen, desk = Stage(stage), desk_of(proposal_id)
    back = turn_back(desk, desk.may_assess)
    if back is not None:
        return back
    criteria = list_criteria(reading(), chosen, edition_id=desk.proposal.edition_id)
    form = card_form(criteria, chosen, current_language(), _data(desk))
    if form.validate_on_submit():
        outcome = _save(form, proposal_id, chosen, criteria)
        if outcome is not None:
            flash(
                gettext("Saved. The card: %(verdict)s.", verdict=VERDICT_NAMES[outcome]), "success"
            )
            return redirect(url_for("assessment.case", proposal_id=proposal_id))
    return render_template(
        "assessment/card.html",
        proposal=desk.proposal,
        words=desk.proposal.best_words("pl"),
        stage=chosen,
        stage_name=STAGE_NAMES[chosen],
        criteria=criteria,
        form=form,
        text_fields=TEXT_FIELDS,
        field_names=FIELD_NAMES,
    )


def _data(desk: Desk) -> dict[str, str]:
    said = get_answers(reading(), desk.proposal.id)
    data = {"version": str(desk.assessment.version)}
    for key, one in said.items():
        data[f"answer_{key}"] = one.answer.value
        data[f"comment_{key}"] = one.comment
    cost = desk.assessment.assessed_cost
    if cost is not None:
        data["assessed_cost"] = f"{cost // 100}" + (f",{cost % 100:02d}" if cost % 100 else "")
    return data


def _save(
    form: CardForm, proposal_id: UUID, stage: Stage, criteria: Sequence[CriterionWords]
) -> Verdict | None:
    try:
        with writing() as work:
            return service.save_card(
                work,
                actor(),
                proposal_id=proposal_id,
                stage=stage,
                said=form.said(criteria),
                assessed_cost=form.cost() if stage is Stage.MERIT else None,
                seen_version=form.seen_version(),
                at=now(),
            )
    except BadAnswers as error:
        for fault in error.faults:
            field = form[f"comment_{fault.criterion}"]
            field.errors = [*field.errors, say_fault(fault)]
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        if error.code == "changed_meanwhile":
            _show_present_version(form, proposal_id)
    return None


def _show_present_version(form: CardForm, proposal_id: UUID) -> None:
    """What was typed stays; sending it once more, after a look, writes over the colleague's."""
    form.version.data = str(desk_of(proposal_id).assessment.version)
