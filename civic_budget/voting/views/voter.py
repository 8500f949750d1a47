"""The voter's pages: start, the lists, check, cast, control codes. Nothing chosen stays on the server.

No address of these pages names a project, and no session, log or row of the database holds a draft.
"""

from __future__ import annotations

import binascii
import secrets as random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.kernel.money import say_money
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import keyring_of
from civic_budget.voting import service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.choice import SECRET_BYTES, Kind, ScopeForm, Section, find_faults
from civic_budget.voting.codes import control_code, in_fours, sign_code
from civic_budget.voting.draft import Draft, add_mark, move_mark, remove_mark
from civic_budget.voting.forms import BeginForm, CastForm, ForgetForm, MarkForm
from civic_budget.voting.keys import SecretsRefused
from civic_budget.voting.labels import LEVEL_NAMES, say_fault, say_refusal
from civic_budget.voting.service import CastReceipt, InvalidChoice
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import (
    Booth,
    Voter,
    find_booth,
    find_round,
    list_voters,
    load_secrets,
    open_for_votes,
    scope_name,
)
from civic_budget.voting.views.draft_cookie import read_draft, wipe_draft
from civic_budget.voting.views.qr import qr_drawing
from civic_budget.voting.views.words import (
    BallotProject,
    Filter,
    ballot_projects,
    categories_of,
    slots,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading, settings, writing
from civic_budget.web.locale import current_language


def is_voting_open() -> bool:
    """Whether the navigation offers voting."""
    found = find_round()
    return found is not None and bool(open_for_votes(found[1]))


@voting.get("/vote")
@access(Audience.RESIDENT)
def start() -> ResponseReturnValue:
    """What is voted on, until when, in which district; who of the family has voted."""
    found = find_round()
    if found is None:
        return render_template("voting/start.html", round=None, form=None)
    edition, this_round = found
    try:
        secrets = load_secrets(this_round)
    except SecretsRefused:
        return render_template("voting/unavailable.html"), 503
    decision = open_for_votes(this_round)
    booth = find_booth()
    return render_template(
        "voting/start.html",
        edition=edition,
        round=this_round,
        voters=list_voters(this_round, secrets),
        standings=Standing,
        denied=decision.reason if isinstance(decision, Denied) else None,
        refusal=say_refusal(DomainError(decision.reason)) if isinstance(decision, Denied) else "",
        booth=booth,
        faults=faults_of(booth) if booth else (),
        codes_shown=booth is not None and booth.draft.shows_codes(now()),
        lists_of=_lists_of,
        form=BeginForm(),
    )


def _lists_of(voter: Voter) -> list[dict[str, str]]:
    """A voter's lists: where, how many projects."""
    return [
        {
            "term": str(LEVEL_NAMES[level]),
            "value": f"{scope_name(scope.code)} · "
            + ngettext("%(num)s project", "%(num)s projects", len(scope.projects)),
        }
        for level, scope in voter.lists.items()
    ]


@voting.post("/vote/begin")
@access(Audience.RESIDENT)
def begin() -> ResponseReturnValue:
    """Take the secret that the browser drew and open the first list; a draft that is there goes on."""
    found = find_round()
    form = BeginForm()
    if found is None or not form.validate_on_submit():
        return redirect(url_for("voting.start"))
    this_round = found[1]
    voters = list_voters(this_round, load_secrets(this_round))
    voter = next((v for v in voters if str(v.person_id) == form.voter.data), None)
    if voter is None or voter.standing is Standing.NONE or not open_for_votes(this_round):
        return redirect(url_for("voting.start"))
    kept = read_draft(
        keyring_of(reading()),
        this_round.frozen.form,
        round_id=this_round.id,
        persons=[voter.person_id],
        sign_in=str(current_user.id),
    )
    draft = kept[1] if kept and kept[1].cast_at is None else _new_draft(form.nonce.data or "")
    booth = Booth(found[0], this_round, load_secrets(this_round), voter, draft)
    if not booth.levels:
        return redirect(url_for("voting.start"))
    response = make_response(redirect(url_for("voting.fill", level=booth.levels[0]), 303))
    booth.keep(response)
    return response


def _new_draft(told: str) -> Draft:
    """A draft under the browser's secret, else under one that the server draws."""
    try:
        nonce = binascii.unhexlify(told)
    except (ValueError, binascii.Error):
        nonce = b""
    if len(nonce) == SECRET_BYTES and len(set(nonce)) > 1:
        return Draft(nonce, is_own_secret=True)
    return Draft(random.token_bytes(SECRET_BYTES), is_own_secret=False)


@voting.route("/vote/list/<any(district, city):level>", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def fill(level: str) -> ResponseReturnValue:
    """One list: search, put on, order, take off. Every press is an ordinary POST."""
    booth = find_booth()
    if booth is None or level not in booth.voter.lists or not open_for_votes(booth.round):
        return redirect(url_for("voting.start"))
    if booth.draft.cast_at is not None:
        return redirect(url_for("voting.codes"))
    form = MarkForm()
    if not form.validate_on_submit():
        return _show_list(booth, level, form)
    try:
        booth, announce = _mark(booth, level, form)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return _show_list(booth, level, form)
    if request.headers.get("X-Requested-With") == "enhance":
        response = make_response(_show_list(booth, level, MarkForm(formdata=None), announce))
    else:
        here = url_for("voting.fill", level=level, _anchor="ballot-tray-title", **_filter_args())
        response = make_response(redirect(here, 303))
    booth.keep(response)
    return response


def _mark(booth: Booth, level: str, form: MarkForm) -> tuple[Booth, str]:
    """The booth after a press, and what to say about it."""
    scope = booth.scope_form(level)
    section = booth.draft.section(level, scope.code)
    if form.add.data:
        changed = _add(booth, level, scope, section, form.add.data)
        words = gettext("Put on your ballot.")
    elif form.remove.data:
        changed = remove_mark(section, form.remove.data)
        words = gettext("Taken off your ballot.")
    elif form.up.data or form.down.data:
        changed = move_mark(section, form.up.data or form.down.data, -1 if form.up.data else 1)
        words = gettext("Moved.")
    else:
        changed, words = section, ""
    _, most = scope.bounds
    state = gettext("%(chosen)s of %(all)s chosen.", chosen=len(changed.picks), all=most)
    return booth.with_draft(booth.draft.with_section(level, changed)), f"{words} {state}"


def _add(booth: Booth, level: str, scope: ScopeForm, section: Section, project: str) -> Section:
    """Put a project on; one of another district gets a sentence of its own."""
    if project not in scope.projects:
        others = (s for lv in booth.form.levels if lv.code == level for s in lv.scopes)
        if any(project in other.projects for other in others):
            raise Conflict("project_of_another_district")
    return add_mark(scope, section, project)


def _filter_args() -> dict[str, Any]:
    return {
        name: request.args[name] for name in ("q", "category", "up_to") if request.args.get(name)
    }


def _wanted() -> Filter:
    said = request.args.get("up_to", "")
    up_to = int(said) * 100 if said.isdigit() and len(said) < 12 else None
    return Filter(request.args.get("q", "")[:100], request.args.get("category", ""), up_to)


def _show_list(booth: Booth, level: str, form: MarkForm, announce: str = "") -> str:
    scope = booth.voter.lists[level]
    projects = ballot_projects(booth.round, scope, current_language())
    wanted = _wanted()
    section = booth.draft.section(level, scope.code)
    following = booth.levels[booth.levels.index(level) + 1 :]
    return render_template(
        "voting/list.html",
        booth=booth,
        level=level,
        level_names=LEVEL_NAMES,
        scope=scope,
        place=scope_name(scope.code),
        cost_steps=_cost_steps(projects),
        shown=[p for p in projects if wanted.finds(p)],
        all_projects=projects,
        wanted=wanted,
        categories=categories_of(projects, current_language()),
        slots=slots(scope, section, projects),
        bounds=booth.scope_form(level).bounds,
        has_points=scope.ballot.kind is Kind.POINTS,
        places={pick: place for place, pick in enumerate(section.picks, 1)},
        action=url_for("voting.fill", level=level, **_filter_args()),
        next_url=url_for("voting.fill", level=following[0])
        if following
        else url_for("voting.check"),
        form=form,
        announce=announce,
        step=booth.levels.index(level) + 1,
        steps=len(booth.levels) + 1,
    )


COST_STEPS = (50_000, 100_000, 250_000, 500_000, 1_000_000)


def _cost_steps(projects: Sequence[BallotProject]) -> list[tuple[int, str]]:
    """Limits of cost (whole złoty) that divide this list."""
    costs = [project.grosze for project in projects]
    return [
        (step, gettext("up to %(money)s", money=say_money(step * 100)))
        for step in COST_STEPS
        if costs and min(costs) <= step * 100 < max(costs)
    ]


@voting.route("/vote/check", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def check() -> ResponseReturnValue:
    """The whole ballot to check, and the press that casts it."""
    booth, form = find_booth(), CastForm()
    if booth is None:
        return _without_draft()
    if not form.validate_on_submit():
        if booth.draft.cast_at is not None:
            return redirect(url_for("voting.codes"))
        return _show_check(booth, form)
    if form.shown.data != booth.seal:
        if booth.draft.cast_at is not None:
            return render_template("voting/earlier.html", codes_shown=True)
        form.refuse(DomainError("ballot_changed"), say_refusal(DomainError("ballot_changed")))
        return _show_check(booth, form)
    return _cast(booth, form)


def _without_draft() -> ResponseReturnValue:
    """A press (or look) without a draft on this device: say what is in the box, if anything."""
    flash(
        gettext(
            "There is no unfinished ballot on this device. Below you see whether your vote was "
            "recorded."
        )
    )
    return redirect(url_for("voting.start"))


def _cast(booth: Booth, form: CastForm) -> ResponseReturnValue:
    try:
        receipt = _put_in_box(booth)
    except InvalidChoice as error:
        form.form_errors = [say_fault(fault) for fault in error.faults]
        return _show_check(booth, form)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return _show_check(booth, form)
    if receipt.outcome is CastOutcome.NONCE_TAKEN:
        return _draw_again(booth, form)
    if receipt.outcome is CastOutcome.EARLIER_STANDS:
        response = make_response(render_template("voting/earlier.html", codes_shown=False))
        wipe_draft(response)
        return response
    again = receipt.outcome is CastOutcome.SAME_AGAIN
    cast_at = booth.draft.cast_at or now()
    kept = booth.with_draft(replace(booth.draft, cast_at=cast_at, was_pressed_again=again))
    response = make_response(redirect(url_for("voting.codes"), 303))
    kept.keep(response)
    return response


def _put_in_box(booth: Booth) -> CastReceipt:
    """Cast; when voting is over, a vote that is in the box already is still recognised."""
    choice, nonce = booth.draft.choice(), booth.draft.nonce
    person_id = booth.voter.person_id
    try:
        with writing() as work:
            return service.cast_vote(
                work,
                round_id=booth.round.id,
                secrets=booth.secrets,
                person_id=person_id,
                choice=choice,
                nonce=nonce,
                at=now(),
            )
    except NotAllowed as refused:
        found = service.recall_vote(
            reading(),
            secrets=booth.secrets,
            form=booth.form,
            person_id=person_id,
            choice=choice,
            nonce=nonce,
        )
        if found is None:
            raise refused from None
        return found


def _draw_again(booth: Booth, form: CastForm) -> ResponseReturnValue:
    """Somebody else's ballot has this secret: draw a new one and ask for one more press."""
    nonce = random.token_bytes(SECRET_BYTES)
    again = booth.with_draft(replace(booth.draft, nonce=nonce, is_own_secret=False))
    form.refuse(DomainError("nonce_taken"), say_refusal(DomainError("nonce_taken")))
    response = make_response(_show_check(again, form))
    again.keep(response)
    return response


def faults_of(booth: Booth) -> tuple[str, ...]:
    """What still keeps the marked ballot from being a vote, in sentences."""
    entitled = {level: frozenset({scope.code}) for level, scope in booth.voter.lists.items()}
    found = find_faults(booth.form, booth.draft.choice(), entitled=entitled)
    return tuple(say_fault(fault) for fault in found)


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
        again=booth.draft.was_pressed_again,
        form=ForgetForm(),
    )


def _code_shown(booth: Booth, scope: str, level: str) -> dict[str, object]:
    code = control_code(scope, booth.draft.nonce)
    board = url_for("voting.board", slug=booth.edition.slug)
    return {
        "scope": scope,
        "title": LEVEL_NAMES[level],
        "code": in_fours(code),
        "signature": sign_code(booth.secrets.signing, booth.round.id, scope, code),
        "drawing": qr_drawing(f"{settings().public_url}{board}#{in_fours(code)}"),
    }


@voting.post("/vote/forget")
@access(Audience.RESIDENT)
def forget() -> ResponseReturnValue:
    """Wipe the ballot and the codes from this device."""
    response: Response = make_response(redirect(url_for("voting.start"), 303))
    if not g.get("form_expired"):
        wipe_draft(response)
        flash(gettext("Your choice and your codes are wiped from this device."), "success")
    return response
