"""Check the ballot, cast it, see the control codes. Pressed twice it is one vote and the right answer."""

from __future__ import annotations

import secrets as random
from dataclasses import replace

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from civic_budget.kernel.errors import DomainError, NotAllowed
from civic_budget.residency.rules import Standing
from civic_budget.voting import service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.choice import SECRET_BYTES, find_faults
from civic_budget.voting.codes import control_code, in_fours, sign_code
from civic_budget.voting.forms import CastForm, ForgetForm
from civic_budget.voting.labels import LEVEL_NAMES, say_fault, say_refusal
from civic_budget.voting.service import CastReceipt, InvalidChoice
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import (
    Booth,
    HeldBallot,
    enter_booth,
    find_ballot,
    find_booth,
)
from civic_budget.voting.views.draft_cookie import wipe_draft
from civic_budget.voting.views.pressing import seen_at_press
from civic_budget.voting.views.qr import qr_drawing
from civic_budget.voting.views.traces import read_traces
from civic_budget.voting.views.words import (
    ballot_projects,
    slots,
)
from civic_budget.web import current
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, settings
from civic_budget.web.forms import sent
from civic_budget.web.locale import current_language

_EARLIER = {
    CastOutcome.EARLIER_STANDS: "voting/earlier.html",
    CastOutcome.EARLIER_IS_OUT: "voting/earlier_out.html",
}


@voting.route("/vote/check", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def check() -> ResponseReturnValue:
    """The whole ballot to check, and the press that casts it."""
    held, shown = find_ballot(), sent("shown")
    if held is None:
        return _without_draft()
    if shown and shown == held.seal:
        return _cast(held)
    booth = enter_booth(held)
    if booth is None:
        return _without_draft()
    if shown and shown == booth.seal:
        return _cast(booth.ballot)
    return _answer_without_cast(booth)


def _answer_without_cast(booth: Booth) -> ResponseReturnValue:
    """The page to check, or what became of a ballot that was changed after it was shown."""
    form = CastForm()
    is_pressed = form.validate_on_submit()
    is_cast = booth.draft.cast_at is not None
    if is_cast and is_pressed:
        return render_template("voting/earlier.html", codes_shown=True)
    if is_cast:
        return redirect(url_for("voting.codes"))
    if is_pressed:
        form.refuse(DomainError("ballot_changed"), say_refusal(DomainError("ballot_changed")))
    return _show_check(booth, form)


def _without_draft() -> ResponseReturnValue:
    """A press (or look) without a draft on this device: say what is in the box, if anything."""
    flash(
        gettext(
            "There is no unfinished ballot on this device. Below you see whether your vote was "
            "recorded."
        )
    )
    return redirect(url_for("voting.start"))


def _cast(held: HeldBallot) -> ResponseReturnValue:
    try:
        receipt = _put_in_box(held)
    except InvalidChoice as error:
        return _show_again(held, *(say_fault(fault) for fault in error.faults))
    except DomainError as error:
        return _show_again(held, say_refusal(error))
    if receipt.outcome is CastOutcome.NONCE_TAKEN:
        return _draw_again(held)
    if receipt.outcome in _EARLIER:
        page = render_template(_EARLIER[receipt.outcome], codes_shown=False)
        response = make_response(page)
        wipe_draft(response)
        return response
    again = receipt.outcome is CastOutcome.SAME_AGAIN
    cast_at = held.draft.cast_at or now()
    kept = held.with_draft(replace(held.draft, cast_at=cast_at, was_pressed_again=again))
    response = make_response(redirect(url_for("voting.codes"), 303))
    kept.keep(response)
    return response


def _put_in_box(held: HeldBallot) -> CastReceipt:
    """Cast; when voting is over, a vote that is in the box already is still recognised."""
    press = service.Press(
        held.round.id,
        account_id=current_user.account_id,
        person_id=held.person_id,
        choice=held.draft.choice(),
        nonce=held.draft.nonce,
        traces=read_traces(),
        at=now(),
    )
    try:
        return service.press_vote(current, held.secrets, press, seen=seen_at_press())
    except NotAllowed as refused:
        found = _recall(held)
        if found is None or enter_booth(held) is None:
            raise refused from None
        return found


def _recall(held: HeldBallot) -> CastReceipt | None:
    """What is in the box, asked in a turn: on SQLite a press before this one may still be on its way in."""
    with current.writing() as work:
        return service.recall_vote(
            work.session,
            secrets=held.secrets,
            form=held.form,
            person_id=held.person_id,
            choice=held.draft.choice(),
            nonce=held.draft.nonce,
        )


def _draw_again(held: HeldBallot) -> ResponseReturnValue:
    """Somebody else's ballot has this secret: draw a new one and ask for one more press."""
    nonce = random.token_bytes(SECRET_BYTES)
    again = held.with_draft(replace(held.draft, nonce=nonce, is_own_secret=False))
    response = make_response(_show_again(again, say_refusal(DomainError("nonce_taken"))))
    again.keep(response)
    return response


def faults_of(booth: Booth) -> tuple[str, ...]:
    """What still keeps the marked ballot from being a vote, in sentences."""
    entitled = {level: frozenset({scope.code}) for level, scope in booth.voter.lists.items()}
    found = find_faults(booth.ballot.form, booth.draft.choice(), entitled=entitled)
    return tuple(say_fault(fault) for fault in found)


def _show_again(held: HeldBallot, *refusals: str) -> ResponseReturnValue:
    """The page to check, with what kept the press from being a vote."""
    booth, form = enter_booth(held), CastForm()
    form.form_errors = list(refusals)
    return _show_check(booth, form) if booth else _without_draft()


def _show_check(booth: Booth, form: CastForm) -> str:
    parts = []
    for level, scope in booth.voter.lists.items():
        projects = ballot_projects(booth.round, scope, current_language())
        section = booth.draft.section(level, scope.code)
        parts.append(
            {
                "title": LEVEL_NAMES[level],
                "edit_url": url_for("voting.fill", level=level),
                "slots": slots(scope, section, projects),
            }
        )
    return render_template(
        "voting/check.html",
        booth=booth,
        form=form,
        parts=parts,
        faults=faults_of(booth),
        steps=len(booth.levels) + 1,
        provisional=booth.voter.standing is Standing.PROVISIONAL,
    )


@voting.get("/vote/codes")
@access(Audience.RESIDENT)
def codes() -> ResponseReturnValue:
    """The control codes, for a quarter of an hour on the device that cast the vote."""
    booth = find_booth()
    if booth is None or booth.draft.cast_at is None:
        return redirect(url_for("voting.start"))
    if not booth.draft.shows_codes(now()):
        response = make_response(render_template("voting/codes_gone.html"))
        wipe_draft(response)
        return response
    return render_template(
        "voting/codes.html",
        booth=booth,
        shown=[_code_shown(booth, s.scope, level) for level, s in booth.draft.marks.items()],
        edition=booth.edition.name(current_language()),
        board=f"{settings().public_url}{url_for('voting.board', slug=booth.edition.slug)}",
        again=booth.draft.was_pressed_again,
        provisional=booth.voter.standing is Standing.PROVISIONAL,
        form=ForgetForm(),
    )


def _code_shown(booth: Booth, scope: str, level: str) -> dict[str, object]:
    code = control_code(scope, booth.draft.nonce)
    board = url_for("voting.board", slug=booth.edition.slug)
    return {
        "scope": scope,
        "title": LEVEL_NAMES[level],
        "code": in_fours(code),
        "signature": sign_code(booth.ballot.secrets.signing, booth.round.id, scope, code),
        "drawing": qr_drawing(f"{settings().public_url}{board}#{in_fours(code)}"),
    }
