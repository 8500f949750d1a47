"""Merges in the office: a coordinator proposes one, sees the authors' answers, takes one back."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.editions.queries import get_current_edition
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.proposals import policy, service
from civic_budget.proposals.forms import MergeForm
from civic_budget.proposals.labels import MERGE_STATE_NAMES, say_reason, say_refusal
from civic_budget.proposals.queries import list_merges, list_office_rows
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing


@proposals.route("/office/merges", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def office_merges() -> ResponseReturnValue:
    """All merges of the edition with the authors' answers, and a form for one more."""
    edition = get_current_edition(reading(), at=now())
    known = {row.reference: row.id for row in list_office_rows(reading(), edition.id)}
    form = MergeForm(data=_asked(known))
    if form.validate_on_submit() and attempt(form, _propose, form, known):
        flash(gettext("The authors are asked. They get a message."), "success")
        return redirect(url_for("proposals.office_merges"))
    may = policy.may_propose_merge(actor(), phase=edition.phase(now()))
    return render_template(
        "proposals/merges_office.html",
        form=form,
        merges=list_merges(reading(), edition.id),
        merge_names=MERGE_STATE_NAMES,
        why_not=say_reason(may.reason) if isinstance(may, Denied) else "",
    )


def _asked(known: dict[str, UUID]) -> dict[str, str]:
    """What a link from the page of neighbours names: the first remains, the others join it."""
    names = {str(key): reference for reference, key in known.items()}
    found = [names[one] for one in request.args.getlist("with") if one in names]
    return {"kept": found[0], "joined": ", ".join(found[1:])} if found else {}


def _propose(form: MergeForm, known: dict[str, UUID]) -> bool:
    folded = {reference.casefold(): key for reference, key in known.items()}

    def find(typed: str, field: str) -> UUID:
        key = folded.get(typed.strip().casefold())
        if key is None:
            raise Conflict("no_such_reference", field=field, reference=typed.strip())
        return key

    kept = find(form.kept.data, "kept")
    joined = [find(one, "joined") for one in form.joined.data.split(",") if one.strip()]
    with writing() as work:
        service.propose_merge(
            work,
            actor(),
            kept=kept,
            joined=joined,
            words={"pl": form.words.data},
            answer_by=datetime.combine(form.answer_by.data, time(23, 59, 59), CITY_ZONE),
            at=now(),
        )
    return True


@proposals.post("/office/merges/<uuid:merge_id>/cancel")
@access(Audience.COORDINATOR)
def cancel_merge(merge_id: UUID) -> ResponseReturnValue:
    """Take a merge back while it waits."""
    try:
        with writing() as work:
            service.cancel_merge(work, actor(), merge_id=merge_id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("Taken back. The authors get a message."), "success")
    return redirect(url_for("proposals.office_merges"))
