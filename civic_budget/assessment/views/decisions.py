"""Pages on which a proposal is returned, admitted or rejected, with the words that everybody will read."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.assessment import service
from civic_budget.assessment.drafts import draft_rejection, draft_return
from civic_budget.assessment.forms import RejectForm, WordsForm, words_form
from civic_budget.assessment.queries import (
    get_answers,
    get_reason,
    list_criteria,
    list_reasons,
)
from civic_budget.assessment.rules import Answer
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.desk import Desk, attempt, desk_of, turn_back
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import OWN_NAMES, current_language


@assessment.route("/office/assessment/<uuid:proposal_id>/return", methods=["GET", "POST"])
@access(Audience.ASSESSOR)
def return_page(proposal_id: UUID) -> ResponseReturnValue:
    """Ask the author to correct what the cards name."""
    desk = desk_of(proposal_id)
    criteria = list_criteria(reading())
    said = get_answers(reading(), proposal_id)
    form = _form(desk, WordsForm, lambda language: draft_return(criteria, said, language))

    def deed() -> bool:
        with writing() as work:
            service.return_proposal(
                work,
                actor(),
                proposal_id=proposal_id,
                words=form.words(),
                seen_version=form.seen_version(),
                at=now(),
            )
        return True

    done = gettext("Returned. The author gets a message.")
    return _decide(desk, form, deed, done, "assessment/return.html", said=said)


@assessment.route("/office/assessment/<uuid:proposal_id>/admit", methods=["GET", "POST"])
@access(Audience.ASSESSOR)
def admit(proposal_id: UUID) -> ResponseReturnValue:
    """Admit to the vote."""
    desk = desk_of(proposal_id)
    form = _form(desk, WordsForm, lambda language: "")

    def deed() -> bool:
        with writing() as work:
            service.admit_proposal(
                work,
                actor(),
                proposal_id=proposal_id,
                words={language: said for language, said in form.words().items() if said},
                seen_version=form.seen_version(),
                at=now(),
            )
        return True

    return _decide(desk, form, deed, gettext("Admitted to the vote."), "assessment/admit.html")


@assessment.route("/office/assessment/<uuid:proposal_id>/reject", methods=["GET", "POST"])
@access(Audience.ASSESSOR)
def reject(proposal_id: UUID) -> ResponseReturnValue:
    """First the reason, then its words, drafted from it."""
    desk = desk_of(proposal_id)
    said = get_answers(reading(), proposal_id)
    chosen = request.values.get("reason", "")
    reasons = list_reasons(reading())
    if chosen not in {reason.key for reason in reasons}:
        return turn_back(desk, desk.may_assess) or _choose_reason(desk, reasons, said)
    reason = get_reason(reading(), chosen)
    form = _form(
        desk, RejectForm, lambda language: draft_rejection(reason, said, language), reason=chosen
    )

    def deed() -> bool:
        with writing() as work:
            service.reject_proposal(
                work,
                actor(),
                proposal_id=proposal_id,
                reason=chosen,
                words=form.words(),
                seen_version=form.seen_version(),
                at=now(),
            )
        return True

    done = gettext("Rejected. The reasons are public and the author gets a message.")
    return _decide(desk, form, deed, done, "assessment/reject.html", reason=reason)


def _choose_reason(desk: Desk, reasons: object, said: object) -> ResponseReturnValue:
    return render_template(
        "assessment/reject_reason.html",
        proposal=desk.proposal,
        reasons=reasons,
        said=said,
        not_met=Answer.NOT_MET,
        language=current_language(),
    )


def _form(desk: Desk, kind: type[WordsForm], draft: Callable[[str], str], **more: str) -> WordsForm:
    language = desk.proposal.language
    data = {
        "version": str(desk.assessment.version),
        "words_pl": draft("pl"),
        f"words_{language}": draft(language),
        **more,
    }
    return words_form(kind, language, OWN_NAMES.get(language, language), data)


def _decide(
    desk: Desk,
    form: WordsForm,
    deed: Callable[[], bool],
    done: str,
    template: str,
    **more: object,
) -> ResponseReturnValue:
    back = turn_back(desk, desk.may_assess)
    if back is not None:
        return back
    if form.validate_on_submit():
        if attempt(form, deed):
            flash(done, "success")
            return redirect(url_for("assessment.queue"))
        # What was typed stays; sent once more after a look at the present answers, it counts.
        form.version.data = str(desk_of(desk.proposal.id).assessment.version)
    return render_template(
        template,
        desk=desk,
        proposal=desk.proposal,
        said_cost=desk.assessment.assessed_cost,
        form=form,
        word_fields=[
            (n.removeprefix("words_"), form[n]) for n in form.data if n.startswith("words_")
        ],
        **more,
    )
