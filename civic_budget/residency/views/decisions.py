"""What an officer decides on a case that they hold: confirm, ask, refuse, check again, take back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.kernel.errors import Conflict
from civic_budget.residency import service
from civic_budget.residency.forms import ChecklistForm, SentenceForm
from civic_budget.residency.labels.options import say_option, say_option_text
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries import CaseFacts, list_options
from civic_budget.residency.rules import CaseState
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.residency.views.office import Deed, case_page, checklist, office_case_of
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import locale_code


@residency.post("/office/residence/<reference>/confirm")
@access(Audience.OFFICER)
def confirm(reference: str) -> ResponseReturnValue:
    """Confirm, when every point of the checklist is ticked."""
    return _with_checklist(
        office_case_of(reference), service.confirm_case, gettext("%(reference)s is confirmed.")
    )


@residency.post("/office/residence/<reference>/uphold")
@access(Audience.OFFICER)
def uphold(reference: str) -> ResponseReturnValue:
    """A drawn confirmation was checked again and holds."""
    return _with_checklist(
        office_case_of(reference),
        service.uphold_confirmation,
        gettext("%(reference)s is checked: the confirmation holds."),
    )


@residency.route("/office/residence/<reference>/ask", methods=["GET", "POST"])
@access(Audience.OFFICER)
def ask(reference: str) -> ResponseReturnValue:
    """Ask for more: what for, then the sentence."""
    return _with_sentence(
        office_case_of(reference),
        service.ask_for_more,
        Catalogue.MORE,
        title=gettext("What should the person add?"),
        done=gettext("The person is asked. The case comes back with the answer."),
    )


@residency.route("/office/residence/<reference>/refuse", methods=["GET", "POST"])
@access(Audience.OFFICER)
def refuse(reference: str) -> ResponseReturnValue:
    """Refuse, or uphold a refusal: why, then the sentence."""
    case = office_case_of(reference)
    is_appeal = case.state is CaseState.APPEALED
    return _with_sentence(
        case,
        service.dismiss_appeal if is_appeal else service.refuse_case,
        Catalogue.REFUSAL,
        title=gettext("Why is the appeal dismissed?")
        if is_appeal
        else gettext("Why is the case refused?"),
        done=gettext("The decision is sent to the person."),
    )


@residency.route("/office/residence/<reference>/take-back", methods=["GET", "POST"])
@access(Audience.OFFICER)
def take_back(reference: str) -> ResponseReturnValue:
    """A drawn confirmation turned out wrong: why, then the sentence."""
    return _with_sentence(
        office_case_of(reference),
        service.revoke_confirmation,
        Catalogue.REFUSAL,
        title=gettext("Why is the confirmation taken back?"),
        done=gettext("The decision is sent to the person."),
    )


def _with_checklist(case: CaseFacts, deed: Deed, done: str) -> ResponseReturnValue:
    form = ChecklistForm()
    form.points.choices = [SelectChoice(*point) for point in checklist(case)]
    if form.validate_on_submit() and attempt(form, _tick, deed, case, form):
        flash(done % {"reference": case.reference}, "success")
        return redirect(url_for("residency.queue"))
    return case_page(office_case_of(case.reference), form)


def _tick(deed: Deed, case: CaseFacts, form: ChecklistForm) -> bool:
    ticked = set(form.points.data or ())
    if ticked != {code for code, _words in checklist(case)}:
        raise Conflict("checklist", field="points")
    with writing() as work:
        deed(work, actor(), case_id=case.id, at=now())
    return True


def _with_sentence(
    case: CaseFacts, deed: Deed, catalogue: Catalogue, *, title: str, done: str
) -> ResponseReturnValue:
    """Choose a reason (GET), see the drafted sentence in the person's language, change it, send."""
    offered = {o.code: o for o in list_options(reading(), catalogue) if o.is_offered}
    chosen = offered.get(request.args.get("reason", ""))
    draft = say_option_text(chosen, case.language) if chosen else ""
    form = SentenceForm(data={"sentence": draft})
    if chosen and form.validate_on_submit() and attempt(form, _say, deed, case, chosen.code, form):
        flash(done, "success")
        return redirect(url_for("residency.queue"))
    names: list[tuple[str, Any]] = [
        (code, say_option(option, locale_code())) for code, option in offered.items()
    ]
    return render_template(
        "residency/reason.html",
        form=form,
        case=case,
        question=title,
        reason=chosen.code if chosen else "",
        reason_name=say_option(chosen, locale_code()) if chosen else "",
        reasons=names,
        back=url_for("residency.office_case", reference=case.reference),
    )


def _say(deed: Deed, case: CaseFacts, reason: str, form: SentenceForm) -> bool:
    with writing() as work:
        deed(
            work,
            actor(),
            case_id=case.id,
            reason=reason,
            sentence=form.sentence.data,
            at=now(),
        )
    return True
