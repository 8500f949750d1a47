"""What all pages of a sitting share: the present round, its secrets if this server holds them, one deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from civic_budget.editions.queries import get_current_edition
from civic_budget.kernel.errors import DomainError, NotFound
from civic_budget.residency.queries import find_case_by_reference
from civic_budget.residency.queries.cases import CaseFacts
from civic_budget.storage.db import Work
from civic_budget.voting import queries
from civic_budget.voting.keys import RoundSecrets, SecretsRefused
from civic_budget.voting.labels import say_refusal
from civic_budget.voting.opening_run import Progress, read_progress
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.views.booth import load_secrets
from civic_budget.web.current import now, reading, settings, writing
from civic_budget.web.forms import Form

HUB = "voting.office_round"


def find_present_round() -> RoundFacts | None:
    """The round of the present edition that is not annulled."""
    edition = get_current_edition(reading(), at=now())
    return queries.find_round_of_edition(reading(), edition.id)


def get_present_round() -> RoundFacts:
    """The round of the present edition; raises NotFound (a 404 page) without one."""
    found = find_present_round()
    if found is None:
        raise NotFound("no_such_round")
    return found


def find_secrets(found: RoundFacts) -> RoundSecrets | None:
    """The round's secrets, or None where this server does not hold them (or not any more)."""
    try:
        return load_secrets(found)
    except SecretsRefused:
        return None


def find_opening(found: RoundFacts) -> Progress | None:
    """The opening that runs, or that died with its process; None when there is none to look at."""
    if found.status is not RoundStatus.VERIFICATION:
        return None
    progress = read_progress(settings().instance, found.id)
    return progress if progress is not None and progress.state == "running" else None


def get_case_of(reference: str, *, field: str) -> CaseFacts:
    """The residence case with this number; raises NotFound told at the field in which it was typed."""
    case = find_case_by_reference(reading(), reference.strip().upper())
    if case is None:
        raise NotFound("no_such_person", field=field)
    return case


def do(form: Form, deed: Callable[[Work], Any], said: str) -> bool:
    """Do a deed when the form was sent; a refusal lands on the form. True when it was done."""
    if not form.validate_on_submit():
        return False
    try:
        with writing() as work:
            deed(work)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return False
    flash(said, "success")
    return True


def press(
    form: Form, deed: Callable[[Work], Any], said: str, back: str = ""
) -> ResponseReturnValue:
    """Do a deed of one press and go back; a refusal is said on top of the page."""
    if form.validate_on_submit():
        try:
            with writing() as work:
                deed(work)
            flash(said, "success")
        except DomainError as error:
            flash(say_refusal(error), "danger")
    elif form.errors:
        flash(str(next(iter(form.errors.values()))[0]), "danger")
    return redirect(back or url_for(HUB))
