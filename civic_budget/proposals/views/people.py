"""Who writes a proposal: the author's page of co-authors and names, and the invited person's page."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals import policy, service
from civic_budget.proposals.forms import EmptyForm
from civic_budget.proposals.labels import say_reason, say_refusal
from civic_budget.proposals.people_forms import InviteForm, NameForm
from civic_budget.proposals.queries import find_own_name, get_proposal, list_co_authors
from civic_budget.proposals.support_rules import MOST_CO_AUTHORS
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import account, attempt, own_proposal
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language


@proposals.route("/my-proposals/<uuid:proposal_id>/people", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def people(proposal_id: UUID) -> ResponseReturnValue:
    """Invite, take back, leave; say whether one's own name is shown."""
    own = own_proposal(proposal_id)
    invite = InviteForm(formdata=request.form if "invite" in request.form else None)
    name = NameForm(
        formdata=request.form if "show" in request.form else None,
        data={"name": find_own_name(reading(), proposal_id, account())},
    )
    done = _invited(invite, proposal_id) or _named(name, proposal_id)
    if done:
        flash(done, "success")
        return redirect(url_for("proposals.people", proposal_id=proposal_id))
    may = policy.may_invite(actor(), own.known, at=now())
    return render_template(
        "proposals/people.html",
        proposal=own.facts,
        form=name if "show" in request.form else invite,
        invite=invite,
        name=name,
        co_authors=list_co_authors(reading(), proposal_id),
        is_author=own.facts.author_account == account(),
        own_account=account(),
        may_invite=bool(may),
        why_not=say_reason(may.reason) if isinstance(may, Denied) else "",
        most=MOST_CO_AUTHORS,
    )


@proposals.post("/my-proposals/<uuid:proposal_id>/people/<uuid:co_author_id>/end")
@access(Audience.RESIDENT)
def end_co_author(proposal_id: UUID, co_author_id: UUID) -> ResponseReturnValue:
    """Take an invitation or a co-author back; or leave, as a co-author."""
    own = own_proposal(proposal_id)
    is_author = own.facts.author_account == account()
    try:
        with writing() as work:
            service.end_co_author(
                work, actor(), proposal_id=proposal_id, co_author_id=co_author_id, at=now()
            )
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("Done."), "success")
    if is_author:
        return redirect(url_for("proposals.people", proposal_id=proposal_id))
    return redirect(url_for("proposals.mine"))


@proposals.route("/co-author/<token>", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def join(token: str) -> ResponseReturnValue:
    """The invited person reads what it is about, and joins."""
    form = EmptyForm()
    if form.validate_on_submit():
        proposal_id = attempt(form, _accept, token)
        if proposal_id is not None:
            flash(gettext("You are a co-author now."), "success")
            return redirect(url_for("proposals.people", proposal_id=proposal_id))
    try:
        with writing() as work:
            proposal_id = service.find_invitation(work, token=token, at=now()).proposal_id
    except DomainError:
        return render_template("proposals/join.html", proposal=None, form=form), 404
    return render_template(
        "proposals/join.html", proposal=get_proposal(reading(), proposal_id), form=form
    )


def _invited(form: InviteForm, proposal_id: UUID) -> str:
    """What to say after an invitation was sent; empty when none was."""
    if "invite" not in request.form or not form.validate_on_submit():
        return ""
    is_done = attempt(form, _invite, proposal_id, form.contact.data)
    return str(gettext("The invitation is on its way.")) if is_done else ""


def _named(form: NameForm, proposal_id: UUID) -> str:
    """What to say after a name was saved; empty when it was not."""
    if "show" not in request.form or not form.validate_on_submit():
        return ""
    is_done = attempt(form, _show_name, proposal_id, form.name.data or "")
    return str(gettext("Saved.")) if is_done else ""


def _invite(proposal_id: UUID, address: str) -> bool:
    with writing() as work:
        service.invite_co_author(
            work,
            actor(),
            proposal_id=proposal_id,
            address=address,
            language=current_language(),
            at=now(),
        )
    return True


def _show_name(proposal_id: UUID, name: str) -> bool:
    with writing() as work:
        service.show_name(
            work,
            actor(),
            proposal_id=proposal_id,
            name=name,
            language=current_language(),
            at=now(),
        )
    return True


def _accept(token: str) -> UUID:
    with writing() as work:
        return service.accept_invitation(work, actor(), token=token, at=now())
