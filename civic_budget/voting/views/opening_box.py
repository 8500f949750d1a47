"""Open the envelopes with the members' key files, and see how far it is."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.kernel.errors import DomainError
from civic_budget.voting import queries, service
from civic_budget.voting.labels import TROUBLE_NAMES, say_refusal
from civic_budget.voting.opening import Trouble
from civic_budget.voting.opening_run import read_progress, run_opening
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import load_secrets
from civic_budget.voting.views.commission import blocker_rows, with_keys
from civic_budget.voting.views.sitting import find_opening, get_present_round
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, close_reading, database, now, reading, settings


@voting.route("/office/round/open", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def open_box() -> ResponseReturnValue:
    """Open all envelopes at once; a small round is opened before the answer, a large one goes on.

    While one opening runs no second one is begun beside it: whoever comes sees how far it is.
    """
    running = find_opening(get_present_round())
    if running is not None and not running.is_interrupted:
        return redirect(url_for("voting.opening_progress"))
    return with_keys(
        (RoundStatus.VERIFICATION,),
        "voting/office/open.html",
        _open,
        blockers=blocker_rows(get_present_round()),
    )


def _open(found: RoundFacts, held: list[tuple[bytes, str]]) -> ResponseReturnValue | None:
    secrets = load_secrets(found)
    who, at, base = actor(), now(), database()
    number = sum(queries.count_envelopes(reading(), found.id).values())
    close_reading()

    def deed(progress: Callable[[int], None]) -> None:
        service.open_aside(
            base,
            who,
            round_id=found.id,
            secrets=secrets,
            held=held,
            at=at,
            progress=progress,
        )

    if run_opening(deed, folder=settings().instance, round_id=found.id, of=number):
        flash(gettext("The round is opened. The winners are computed."), "success")
        return None
    return redirect(url_for("voting.opening_progress"))


@voting.get("/office/round/open/progress")
@access(Audience.COMMISSION)
def opening_progress() -> ResponseReturnValue:
    """How far the opening is; looks again by itself, without a script."""
    found = get_present_round()
    progress = read_progress(settings().instance, found.id)
    if progress is None or found.status is not RoundStatus.VERIFICATION:
        return redirect(url_for("voting.office_round"))
    is_running = progress.state == "running" and not progress.is_interrupted
    answer = make_response(
        render_template(
            "voting/office/progress.html",
            round=found,
            progress=progress,
            is_running=is_running,
            why=[_say_why(code) for code in progress.why],
        )
    )
    if is_running:
        answer.headers["Refresh"] = "3"
    return answer


def _say_why(code: str) -> str:
    """What was found in the urn, or another reason of a refusal."""
    if code in set(Trouble):
        return str(TROUBLE_NAMES[Trouble(code)])
    return say_refusal(DomainError(code))
