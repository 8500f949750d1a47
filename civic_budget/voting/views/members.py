"""Another commission: one member proposes it, a second confirms it with the key files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.queries import staff_name_of
from civic_budget.editions.queries import get_current_edition
from civic_budget.kernel.errors import DomainError
from civic_budget.voting import keyfiles, queries, service
from civic_budget.voting.commission_forms import ReasonForm
from civic_budget.voting.commission_queries import find_proposed_members
from civic_budget.voting.forms import ForgetForm
from civic_budget.voting.labels import say_refusal
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.commission import (
    member_rows,
    members_form,
    show_keys,
    with_keys,
)
from civic_budget.voting.views.sitting import find_present_round
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing

_CHANGING = (RoundStatus.READY, RoundStatus.SUSPENDED, RoundStatus.VERIFICATION)


@voting.route("/office/round/members", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def members() -> ResponseReturnValue:
    """One member proposes another commission; a second confirms with key files on the next page."""
    found, form, reason = find_present_round(), members_form(), ReasonForm()
    if found is None or found.status not in _CHANGING:
        return redirect(url_for("voting.office_round"))
    if form.validate_on_submit() and reason.validate_on_submit():
        try:
            with writing() as work:
                service.propose_members(
                    work,
                    actor(),
                    round_id=found.id,
                    members=[UUID(said) for said in form.members.data],
                    threshold=int(form.threshold.data),
                    note=reason.note.data or "",
                    at=now(),
                )
            flash(gettext("Proposed. A second member has to confirm it."), "success")
            return redirect(url_for("voting.members"))
        except DomainError as error:
            form.refuse(error, say_refusal(error))
    if request.method == "GET":
        present = queries.list_members(reading(), found.id)
        form.members.data = [str(member.account_id) for member in present]
        form.threshold.data = str(found.threshold)
    return render_template(
        "voting/office/members.html",
        form=form,
        reason=reason,
        members_rows=member_rows(found),
        proposed=_proposed(found),
    )


def _proposed(found: RoundFacts) -> dict[str, Any] | None:
    wish = find_proposed_members(reading(), found.id)
    if wish is None:
        return None
    return {
        "names": [staff_name_of(reading(), UUID(member)) for member in wish.data["members"]],
        "threshold": wish.data["threshold"],
        "note": wish.note,
        "by": staff_name_of(reading(), wish.first_by),
        "is_mine": wish.first_by == actor().account_id,
    }


@voting.route("/office/round/members/confirm", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def confirm_members() -> ResponseReturnValue:
    """The second member and the holders of enough key files: new files for everybody, shown once."""
    found = find_present_round()
    proposed = _proposed(found) if found is not None else None
    if found is None or proposed is None:
        return redirect(url_for("voting.members"))

    def deed(found: RoundFacts, held: list[tuple[bytes, str]]) -> ResponseReturnValue | None:
        names = proposed["names"] if proposed else ()
        phrases = [keyfiles.suggest_passphrase() for _ in names]
        with writing() as work:
            ids, files = service.confirm_members(
                work,
                actor(),
                round_id=found.id,
                held=held,
                passphrases=phrases,
                scrypt_cost=keyfiles.SCRYPT_COST,
                at=now(),
            )
        edition = get_current_edition(reading(), at=now())
        return show_keys(edition.slug, ids, phrases, files, str(proposed and proposed["threshold"]))

    return with_keys(_CHANGING, "voting/office/members_confirm.html", deed, proposed=proposed)


@voting.post("/office/round/members/drop")
@access(Audience.COMMISSION)
def drop_members() -> ResponseReturnValue:
    """Take the proposal of another commission back."""
    found = find_present_round()
    if found is not None and ForgetForm().validate_on_submit():
        with writing() as work:
            service.drop_proposal(
                work,
                actor(),
                round_id=found.id,
                kind=service.JointKind.MEMBERS,
                subject=service.PENDING,
            )
    return redirect(url_for("voting.members"))
