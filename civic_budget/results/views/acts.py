"""The commission's acts on an edition's results: written down by one member, signed by another."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.accounts.queries import staff_name_of
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.results import policy
from civic_budget.results.acts import Act, hash_of_winners
from civic_budget.results.approving import ActWords, answer_act, propose_act
from civic_budget.results.forms import ActForm, PublishForm, read_day
from civic_budget.results.labels import ACT_DEEDS, say_refusal
from civic_budget.results.views.blueprint import results
from civic_budget.results.views.showing import EditionResults, load_results
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing


@results.route("/office/editions/<slug>/acts", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def acts(slug: str) -> ResponseReturnValue:
    """All acts with their answers; write the next one down."""
    found = load_results(slug)
    form = ActForm()
    form.reference.choices = _projects(found)
    if form.validate_on_submit():
        try:
            _propose(found, form)
        except DomainError as error:
            form.refuse(error, say_refusal(error))
        else:
            flash(gettext("Written down. It holds when another member signs."), "success")
            return redirect(url_for("results.acts", slug=slug))
    return render_template(
        "results/acts.html",
        found=found,
        edition=found.edition,
        form=form,
        rows=[_shown(found, act) for act in reversed(found.acts)],
        waits=any(act.is_signed is None for act in found.acts),
        winners_hash=hash_of_winners({d.facts.scope: d.protocol for d in found.scopes}),
    )


@results.post("/office/editions/<slug>/acts/<int:number>")
@access(Audience.COMMISSION)
def answer(slug: str, number: int) -> ResponseReturnValue:
    """Sign an act, decline it, or take it back."""
    found = load_results(slug)
    if PublishForm().validate_on_submit():
        sign = request.form.get("answer") == "sign"
        try:
            with writing() as work:
                answer_act(
                    work, actor(), edition_id=found.edition.id, number=number, sign=sign, at=now()
                )
        except Conflict as error:
            flash(say_refusal(error), "danger")
        else:
            flash(gettext("Signed: the act holds.") if sign else gettext("Declined."), "success")
    return redirect(url_for("results.acts", slug=slug))


def _propose(found: EditionResults, form: Any) -> None:
    words = ActWords(
        title=form.title.data or "",
        act_on=read_day(form.act_on.data or ""),
        link=form.link.data or "",
        reasons=form.read_reasons(),
    )
    with writing() as work:
        propose_act(
            work,
            actor(),
            edition_id=found.edition.id,
            kind=form.read_kind(),
            reference=form.reference.data or "",
            words=words,
            at=now(),
        )


def _projects(found: EditionResults) -> list[SelectChoice]:
    choices = [SelectChoice("", "–")]
    for decided in found.scopes:
        choices += [
            SelectChoice(line.reference, f"{line.reference} {found.title(line.reference).text}")
            for line in decided.facts.lines
        ]
    return choices


def _shown(found: EditionResults, act: Act) -> dict[str, object]:
    by, own = act.proposed_by, actor()
    return {
        "act": act,
        "deed": ACT_DEEDS[act.kind],
        "title": found.title(act.reference) if act.reference else None,
        "people": (
            staff_name_of(reading(), by),
            staff_name_of(reading(), act.given_by) if act.given_by else "",
        ),
        "may_sign": bool(policy.may_answer_act(own, proposed_by=by, sign=True)),
        "may_decline": bool(policy.may_answer_act(own, proposed_by=by, sign=False)),
    }
