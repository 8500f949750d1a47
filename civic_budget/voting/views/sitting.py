"""What all pages of a sitting share: the present round, its secrets if this server holds them, one deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app, flash, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.editions.queries import get_current_edition
from civic_budget.kernel.errors import DomainError, NotFound
from civic_budget.residency.queries import find_case_by_reference
from civic_budget.residency.queries.cases import CaseFacts
from civic_budget.storage.db import Work
from civic_budget.voting import commission_queries, queries, service
from civic_budget.voting.forms import ForgetForm
from civic_budget.voting.keys import RoundSecrets, SecretsRefused
from civic_budget.voting.labels import say_refusal
from civic_budget.voting.opening_run import Progress, read_progress
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import JointKind, RoundStatus
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import load_secrets
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.forms import Form

HUB = "voting.office_round"


OFFICE = "/office/"
OF_ANNULLED = frozenset(
    {HUB, *(f"voting.{page}" for page in ("finish", "hold", "shred", "protocol"))}
)
"""The pages that a round annulled as a whole still has: what is left is to keep it, then to destroy it."""


def find_present_round() -> RoundFacts | None:
    """The round of the present edition that is not annulled; at the office the one that was asked for.

    Beside a list that is voted on anew the first vote has still to be made final, held and destroyed.
    """
    edition = get_current_edition(reading(), at=now())
    asked = _asked_round()
    if asked is not None and asked in _reachable_rounds(edition.id):
        return queries.get_round(reading(), asked)
    return queries.find_round_of_edition(reading(), edition.id)


def other_rounds(
    edition_id: UUID, found: RoundFacts | None = None
) -> list[tuple[str | None, RoundFacts]]:
    """The other votes of the edition, annulled ones too, with their kind: repeat, supplement or None."""
    known = commission_queries.list_rounds_of_edition(reading(), edition_id)
    kinds = {one: kind for one, _, kind in known}
    newest = queries.find_round_of_edition(reading(), edition_id)
    if newest is not None:
        kinds.setdefault(newest.id, None)  # one that is still being prepared
    return [
        (kind, queries.get_round(reading(), one))
        for one, kind in kinds.items()
        if found is None or one != found.id
    ]


def _reachable_rounds(edition_id: UUID) -> set[UUID]:
    """The votes that this page may show: an annulled one is only ended, on the pages of the end."""
    known = commission_queries.list_rounds_of_edition(reading(), edition_id)
    is_end = request.endpoint in OF_ANNULLED
    return {one for one, status, _ in known if is_end or status != RoundStatus.ANNULLED.value}


def _is_asked_annulled() -> bool:
    """Whether the address names a round of the present edition that was annulled as a whole."""
    asked = _asked_round()
    if asked is None:
        return False
    if "asked_is_annulled" not in g:
        edition = get_current_edition(reading(), at=now())
        known = commission_queries.list_rounds_of_edition(reading(), edition.id)
        status = {one: status for one, status, _ in known}.get(asked)
        g.asked_is_annulled = status == RoundStatus.ANNULLED.value
    return bool(g.asked_is_annulled)


@voting.before_request
def _lead_to_the_end() -> ResponseReturnValue | None:
    """What an annulled round has no more leads to its own page: never, under its name, to another vote."""
    if request.endpoint in OF_ANNULLED or not _is_asked_annulled():
        return None
    return redirect(url_for(HUB, round=str(_asked_round())))


def _asked_round() -> UUID | None:
    """The round that the address of an office page names; whatever is no round is not looked at."""
    if OFFICE not in request.path:
        return None
    try:
        return UUID(request.args.get("round", ""))
    except ValueError:
        return None


@voting.url_defaults
def _stay_with_round(endpoint: str, values: dict[str, Any]) -> None:
    """Every address on a page of another round than the present one leads on in that round.

    From an annulled round's page only what it still has; everything else is the present vote's.
    """
    if not has_request_context() or _asked_round() is None or "round" in values:
        return
    if endpoint not in OF_ANNULLED and _is_asked_annulled():
        return
    rules = current_app.url_map.iter_rules(endpoint)
    if any(OFFICE in rule.rule for rule in rules):
        values["round"] = str(_asked_round())


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


def is_paper_late(found: RoundFacts) -> bool:
    """Whether a slip waits for the sealed list although the paper vote was closed before."""
    is_sealed = service.is_paper_sealed(reading(), found.id)
    return is_sealed and service.has_paper_to_seal(reading(), found.id)


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


def press_drop(round_id: UUID, kind: JointKind, subject: str, back: str) -> ResponseReturnValue:
    """Take back what one member proposed and no second has confirmed."""
    return press(
        ForgetForm(),
        lambda work: service.drop_proposal(
            work, actor(), round_id=round_id, kind=kind, subject=subject
        ),
        gettext("The proposal is taken back."),
        back,
    )
