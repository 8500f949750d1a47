"""Opening an account with a card that a desk printed: scan or type, choose a password, signed in."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts import service
from civic_budget.accounts.forms import ActivationForm
from civic_budget.accounts.views.blueprint import accounts, attempt, device, enter, limit
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, writing

SCANNED = "scanned_card"


@accounts.get("/activate/<card>/<code>")
@access(Audience.PUBLIC)
def scan_card(card: str, code: str) -> ResponseReturnValue:
    """Where the QR of a card leads: what was scanned goes into the form, the address is left at once.

    Opening the address uses nothing up, so a phone that looks ahead does no harm.
    """
    session[SCANNED] = [card[:20], code[:20]]
    return redirect(url_for("accounts.activate"))


@accounts.route("/activate", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def activate() -> ResponseReturnValue:
    """Card number, code and a new password; the account is open and signed in."""
    card, code = session.get(SCANNED) or ("", "")
    form = ActivationForm(data={"card": card, "code": code})
    if form.validate_on_submit():
        sign_in_id = attempt(form, _activate, form)
        if sign_in_id is not None:
            flash(
                gettext(
                    "Your account is open. From now on you sign in with the card number and your "
                    "password; keep the card. You can add a passkey, an e-mail address or a phone "
                    "number on this page."
                ),
                "success",
            )
            return enter(sign_in_id, url_for("accounts.own_account"))
    return render_template("accounts/activate.html", form=form, is_scanned=bool(card))


def _activate(form: ActivationForm) -> UUID:
    card = form.read_card()
    limit("activate", card.number, 10, most_a_day=30)
    with writing() as work:
        service.count_card_try(work, card=card)
    with writing() as work:
        account_id = service.activate(
            work, card=card, code=form.code.data, password=form.password.data, at=now()
        )
        return service.start_session(work, account_id=account_id, at=now(), device=device()).id
