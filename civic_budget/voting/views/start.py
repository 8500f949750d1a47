"""Where voting starts and ends on a device: what is voted on, for whom, and the wiping of it all.

Nothing chosen stays on the server; the draft is a cookie that only it can open.
"""

from __future__ import annotations

import binascii
import secrets as random
from dataclasses import replace
from functools import partial

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from civic_budget.editions.queries import find_current_edition
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import DomainError
from civic_budget.residency.rules import Standing
from civic_budget.voting.choice import SECRET_BYTES, ScopeForm
from civic_budget.voting.commission_queries import (
    find_loss,
    is_vote_annulled,
    list_rounds_of_edition,
)
from civic_budget.voting.draft import Draft
from civic_budget.voting.forms import BeginForm
from civic_budget.voting.frozen import FrozenScope
from civic_budget.voting.keys import SecretsRefused
from civic_budget.voting.labels import LEVEL_NAMES, say_how, say_refusal
from civic_budget.voting.press_queries import get_round_on_ballot
from civic_budget.voting.queries import RoundFacts, find_present_round
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import (
    HeldBallot,
    Voter,
    find_booth,
    find_round,
    hold_ballot,
    list_voters,
    load_secrets,
    open_for_votes,
    scope_name,
)
from civic_budget.voting.views.casting import faults_of
from civic_budget.voting.views.draft_cookie import wipe_draft
from civic_budget.voting.views.traces import know_device
from civic_budget.web.access import Audience, access
from civic_budget.web.current import glancing, now, reading


def is_voting_open() -> bool:
    """Whether the navigation offers voting; members of staff vote with an account of their own."""
    if current_user.is_authenticated and current_user.roles:
        return False
    found = find_present_round(reading(), at=now())
    return found is not None and bool(open_for_votes(found))


@voting.get("/vote")
@access(Audience.RESIDENT)
def start() -> ResponseReturnValue:
    """What is voted on, until when, in which district; who of the family has voted."""
    found = find_round()
    if found is None:
        return _show_no_round()
    edition, this_round = found
    if this_round.status is RoundStatus.SHREDDED:
        return render_template("voting/start.html", edition=edition, round=this_round, gone=True)
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
        repeats=_kind_of(this_round),
        voters=list_voters(this_round, secrets),
        loss=find_loss(reading(), this_round.id),
        may_claim_loss=lambda loss: not decision and now() < loss.until,
        may_begin=lambda voter: bool(open_for_votes(this_round, voter)),
        standings=Standing,
        denied=decision.reason if isinstance(decision, Denied) else None,
        refusal=say_refusal(DomainError(decision.reason)) if isinstance(decision, Denied) else "",
        booth=booth,
        faults=faults_of(booth) if booth else (),
        codes_shown=booth is not None and booth.draft.shows_codes(now()),
        lists_of=partial(_lists_of, this_round),
        form_of=_form_of,
    )


def _show_no_round() -> str:
    """No vote is prepared yet, or the one that was is annulled and no other stands."""
    edition = find_current_edition(reading(), at=now())
    is_annulled = edition is not None and is_vote_annulled(reading(), edition.id)
    return render_template(
        "voting/start.html", round=None, edition=edition, is_annulled=is_annulled
    )


def _kind_of(found: RoundFacts) -> str | None:
    """Whether the round repeats an annulled vote, as a whole or on some lists; None for the first one."""
    rounds = list_rounds_of_edition(reading(), found.edition_id)
    return next((kind for round_id, _, kind in rounds if round_id == found.id), None)


def _form_of(voter: Voter) -> BeginForm:
    """A form for each voter of the family: a device may be shared whoever of them votes on it."""
    form = BeginForm(formdata=None)
    form.shared.id = f"shared-{voter.person_id}"
    return form


def _lists_of(found: RoundFacts, voter: Voter, may_begin: bool) -> list[dict[str, str]]:
    """A voter's lists: where, how many projects, and how they are marked while they may be.

    A list without projects, as of a district that proposed nothing, is told too.
    """
    if not voter.lists:
        return []
    nothing = gettext("There is no project to vote on.")
    return [
        {
            "term": str(LEVEL_NAMES[level.code]),
            "value": _in_short(voter.lists[level.code], may_begin, is_required=level.required)
            if level.code in voter.lists
            else nothing,
        }
        for level in found.frozen.levels
    ]


def _in_short(scope: FrozenScope, may_begin: bool, *, is_required: bool) -> str:
    number = ngettext("%(num)s project", "%(num)s projects", len(scope.projects))
    form = ScopeForm(scope.code, tuple(p.id for p in scope.projects), scope.ballot)
    how = say_how(form, is_required=is_required)
    return f"{scope_name(scope.code)} · {number}" + (f". {how}" if may_begin else "")


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
    if voter is None or not voter.may_vote_online or voter.standing is Standing.NONE:
        return redirect(url_for("voting.start"))
    if not open_for_votes(this_round, voter):
        return redirect(url_for("voting.start"))
    on_ballot = get_round_on_ballot(glancing, this_round.id)
    kept = hold_ballot(on_ballot, current_user.id)
    goes_on = kept is not None and kept.person_id == voter.person_id and not kept.draft.cast_at
    draft = kept.draft if kept and goes_on else _new_draft(form.nonce.data or "")
    draft = replace(draft, is_shared_device=draft.is_shared_device or bool(form.shared.data))
    if not voter.lists:
        return redirect(url_for("voting.start"))
    response = make_response(redirect(url_for("voting.fill", level=next(iter(voter.lists))), 303))
    HeldBallot(on_ballot, voter.person_id, draft).keep(response)
    know_device(response)
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


@voting.post("/vote/forget")
@access(Audience.RESIDENT)
def forget() -> ResponseReturnValue:
    """Wipe the ballot and the codes from this device."""
    response: Response = make_response(redirect(url_for("voting.start"), 303))
    if not g.get("form_expired"):
        wipe_draft(response)
        flash(gettext("Your choice and your codes are wiped from this device."), "success")
    return response


@voting.after_app_request
def wipe_at_sign_out(response: Response) -> Response:
    """Whoever signs out leaves no ballot and no codes behind."""
    if request.endpoint == "accounts.sign_out" and not g.get("form_expired"):
        wipe_draft(response)
    return response
