"""How a section of the task list answers: saved as far as it goes, then the next step or what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.kernel.errors import DomainError
from civic_budget.proposals.labels import say_gap, say_refusal
from civic_budget.proposals.queries import DecisionFacts, find_last_decision
from civic_budget.proposals.rules import LIMITS, SECTIONS, ProposalState
from civic_budget.proposals.views.own import OwnProposal, own_proposal, turn_back
from civic_budget.storage.db import Work
from civic_budget.web.current import reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import current_language

NOTHING: Mapping[str, Any] = {}


def answer_section(
    own: OwnProposal,
    section: str,
    form: Form,
    save: Callable[[Work], None],
    more: Mapping[str, Any] = NOTHING,
) -> ResponseReturnValue:
    """Save what was typed; then on to the task list, or stay and tell what is missing."""
    back = turn_back(own)
    if back is not None:
        return back
    if form.validate_on_submit() and _saved(form, save):
        if "later" in request.form:
            flash(gettext("Saved. You can go on whenever you like, on any device."), "success")
            return redirect(url_for("proposals.tasks", proposal_id=own.facts.id))
        if not _tell_gaps(own_proposal(own.facts.id), section, form):
            return redirect(url_for("proposals.tasks", proposal_id=own.facts.id))
        flash(gettext("What you wrote is saved. Something is still missing below."), "info")
    return show_section(own, section, form, more)


def show_section(
    own: OwnProposal, section: str, form: Form, more: Mapping[str, Any] = NOTHING
) -> ResponseReturnValue:
    """The page of a section; `more` is what its template needs besides."""
    decision = None
    if own.facts.state is ProposalState.RETURNED:
        decision = find_last_decision(reading(), own.facts.id)
        _put_asked(section, form, decision)
    return render_template(
        f"proposals/section_{section}.html",
        proposal=own.facts,
        form=form,
        limits=LIMITS,
        step=list(SECTIONS).index(section) + 1,
        steps=len(SECTIONS),
        asked=decision,
        **more,
    )


def _put_asked(section: str, form: Form, decision: DecisionFacts | None) -> None:
    """What the office asked stands beside the field that it concerns."""
    for name in SECTIONS[section]:
        lines = [
            (*one.sentence(current_language()), one.comment)
            for one in (decision.asked if decision else ())
            if one.field == name
        ]
        if lines and name in form:
            form[name].asked = lines


def _saved(form: Form, save: Callable[[Work], None]) -> bool:
    try:
        with writing() as work:
            save(work)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return False
    return True


def _tell_gaps(own: OwnProposal, section: str, form: Form) -> bool:
    """Put what the section lacks at its fields; whether anything does."""
    gaps = [gap for gap in own.gaps() if gap.field in SECTIONS[section]]
    for gap in gaps:
        field = form[gap.field]
        field.errors = [*field.errors, say_gap(gap)]
    return bool(gaps)
