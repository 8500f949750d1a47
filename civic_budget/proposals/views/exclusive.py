"""Proposals that exclude one another: neighbours to look at, groups that a coordinator confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.editions.queries import get_current_edition
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.proposals import policy, service
from civic_budget.proposals.forms import GroupForm
from civic_budget.proposals.labels import STATE_KINDS, STATE_NAMES, say_reason, say_refusal
from civic_budget.proposals.queries import (
    OfficeRow,
    list_candidates,
    list_groups,
    list_office_rows,
)
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import attempt
from civic_budget.storage.db import Work
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing


@proposals.get("/office/exclusive")
@access(Audience.COORDINATOR)
def exclusive() -> ResponseReturnValue:
    """Neighbours of which nobody has decided, the nearest first; below, the groups that stand."""
    edition = get_current_edition(reading(), at=now())
    may = policy.may_group(actor(), phase=edition.phase(now()))
    return render_template(
        "proposals/exclusive.html",
        edition=edition,
        candidates=list_candidates(reading(), edition.id),
        groups=list_groups(reading(), edition.id),
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
        why_not=say_reason(may.reason) if isinstance(may, Denied) else "",
    )


@proposals.route("/office/exclusive/new", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def confirm_exclusive() -> ResponseReturnValue:
    """Join proposals into a group of which at most one can win."""
    edition = get_current_edition(reading(), at=now())
    rows = list_office_rows(reading(), edition.id)
    asked = set(request.args.getlist("with"))
    form = GroupForm(data={"members": ", ".join(r.reference for r in rows if str(r.id) in asked)})
    if form.validate_on_submit() and attempt(form, _confirm, form, edition.id, rows):
        flash(gettext("Confirmed. At most one of them can win."), "success")
        return redirect(url_for("proposals.exclusive"))
    return render_template("proposals/exclusive_new.html", form=form)


def _confirm(form: GroupForm, edition_id: UUID, rows: Sequence[OfficeRow]) -> bool:
    known = {row.reference.casefold(): row.id for row in rows}
    typed = [one.strip() for one in form.members.data.split(",") if one.strip()]
    for one in typed:
        if one.casefold() not in known:
            raise Conflict("no_such_reference", field="members", reference=one)
    with writing() as work:
        service.confirm_exclusive(
            work,
            actor(),
            edition_id=edition_id,
            proposals=frozenset(known[one.casefold()] for one in typed),
            reason=form.reason.data,
            at=now(),
        )
    return True


@proposals.post("/office/exclusive/clear")
@access(Audience.COORDINATOR)
def clear_pair() -> ResponseReturnValue:
    """These two neighbours do not exclude one another."""
    said = request.form
    return _do(
        lambda work: service.clear_pair(
            work,
            actor(),
            first=UUID(said.get("first", "")),
            second=UUID(said.get("second", "")),
            at=now(),
        ),
        gettext("Noted. This pair is not offered again."),
    )


@proposals.post("/office/exclusive/<uuid:group_id>/dissolve")
@access(Audience.COORDINATOR)
def dissolve_exclusive(group_id: UUID) -> ResponseReturnValue:
    """Take a group back."""
    return _do(
        lambda work: service.dissolve_exclusive(work, actor(), group_id=group_id, at=now()),
        gettext("Dissolved. Its proposals can win together again."),
    )


def _do(deed: Callable[[Work], None], done: str) -> ResponseReturnValue:
    try:
        with writing() as work:
            deed(work)
    except DomainError as error:
        flash(say_refusal(error), "warning")
    except ValueError:
        abort(400)
    else:
        flash(done, "success")
    return redirect(url_for("proposals.exclusive"))
