"""Confirming with an account at the city: the page that explains it, the way there, the way back."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from civic_budget.accounts.attempts import DAY, count_try
from civic_budget.accounts.queries import get_reachable
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import service
from civic_budget.residency.city_account import CityAccount, Journey
from civic_budget.residency.clauses import REGISTRATION
from civic_budget.residency.forms import EmptyForm
from civic_budget.residency.labels import say_refusal
from civic_budget.residency.queries import CaseFacts, get_case
from civic_budget.residency.queries.roads import may_ask_registers
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import (
    after,
    attempt,
    city_account,
    editable_case,
    is_child,
)
from civic_budget.residency.views.clauses import show_clause
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import locale_code
from civic_budget.web.pages import CSP

QUESTIONS_A_DAY = 10


@residency.route("/residence/<reference>/city-account", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def ask_city_account(reference: str) -> ResponseReturnValue:
    """What the provider will be asked, and the button that leads there."""
    case, account = editable_case(reference), _account()
    if is_child(case):
        abort(404)
    form = EmptyForm()
    if form.validate_on_submit():
        address = attempt(form, _leave, account, case)
        if address is not None:
            return redirect(address, 303)
    leads_to = _ask_origin(account)
    page = make_response(
        render_template(
            "residency/city_account.html",
            form=form,
            case=case,
            says=leads_to,
            clause=show_clause(REGISTRATION, case.person_id),
        )
    )
    return _with_way_out(page, leads_to)


@residency.get("/residence/city-account/return")
@access(Audience.RESIDENT)
def return_from_city_account() -> ResponseReturnValue:
    """The provider sent the person back: take the answer once, read it, go on with the case."""
    account = _account()
    with writing() as work:
        asked = service.take_return(work, actor(), state=request.args.get("state", ""), at=now())
    if asked is None:
        return _say_old()
    case = get_case(reading(), asked.case_id)
    with force_locale(asked.language):
        try:
            holder = account.read(asked.journey, _return_url(), request.args, now())
            with writing() as work:
                service.note_city_account(work, actor(), case_id=case.id, holder=holder, at=now())
        except DomainError as error:
            flash(say_refusal(error), "warning")
            page = url_for(
                "residency.ask_city_account", lang=asked.language, reference=case.reference
            )
            return redirect(page)
        flash(
            gettext(
                "Your city account has answered. Check what you told and send the application."
            ),
            "success",
        )
    return redirect(after(case.id).replace(f"/{locale_code()}/", f"/{asked.language}/", 1))


def _say_old() -> ResponseReturnValue:
    """The return address has one language for all: whoever comes back too late reads their own."""
    account_id = actor().account_id
    assert account_id is not None
    language = get_reachable(reading(), account_id).language
    with force_locale(language):
        flash(say_refusal(DomainError("provider_answer_old")), "warning")
    return redirect(url_for("residency.mine", lang=language))


def _account() -> CityAccount:
    found = city_account()
    if found is None or not may_ask_registers(reading(), at=now()):
        abort(404)
    return found


def _leave(account: CityAccount, case: CaseFacts) -> str:
    journey, language = Journey.fresh(), locale_code()
    with writing() as work:
        limit, subject = QUESTIONS_A_DAY, str(actor().account_id)
        count_try(work, "city-account", subject, limit=limit, at=now(), window=DAY)
    # The provider is asked for its address before anything is written: it may be slow.
    address = account.address(journey, _return_url(), language, now())
    with writing() as work:
        service.ask_city_account(
            work, actor(), case_id=case.id, journey=journey, language=language, at=now()
        )
    return address


def _return_url() -> str:
    """One address for all languages, as it is registered at the provider."""
    path = url_for("residency.return_from_city_account", lang="pl")
    return f"{settings().public_url}{path}"


def _ask_origin(account: CityAccount) -> str:
    """Where the button leads; empty while the provider does not answer."""
    try:
        return account.origin(now())
    except DomainError:
        return ""


def _with_way_out(page: Response, origin: str) -> Response:
    """This page's form may lead to the provider, and nowhere else: browsers look at the redirect too."""
    if origin:
        way_out = f"form-action 'self' {origin}"
        page.headers["Content-Security-Policy"] = CSP.replace("form-action 'self'", way_out)
    return page
