"""Outages and the end: extend, annul, finish, legal hold, shred. Each page says what cannot be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import SelectChoice

from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.storage.db import Work
from civic_budget.voting import queries, service
from civic_budget.voting.commission_forms import (
    ActForm,
    ExtendForm,
    FinishForm,
    ReasonForm,
    SureForm,
    city_moment,
)
from civic_budget.voting.commission_queries import is_shredded, list_annulments
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import REOPEN_WITHIN, RoundStatus, may_extend
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import scope_name
from civic_budget.voting.views.sitting import HUB, do, get_present_round
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, close_reading, database, now, reading
from civic_budget.web.forms import Form

WHOLE_ROUND = "round"
APPEALS = timedelta(days=30)


@voting.route("/office/round/extend", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def extend() -> ResponseReturnValue:
    """Move the closing time because of an outage, in public."""
    found, form = get_present_round(), ExtendForm()
    latest = found.closes_at + REOPEN_WITHIN
    if request.method == "GET" and not may_extend(
        found.status, closes_at=found.closes_at, to=latest, at=now()
    ):
        return redirect(url_for(HUB))
    done = do(
        form,
        lambda work: service.extend_round(
            work,
            actor(),
            round_id=found.id,
            closes_at=city_moment(form.closes_at.data),
            note=form.note.data or "",
            at=now(),
        ),
        gettext("The closing time is moved. The public notice is on the page of the round."),
    )
    if done:
        return redirect(url_for(HUB))
    if request.method == "GET":
        form.closes_at.data = (found.closes_at + timedelta(hours=6)).astimezone(CITY_ZONE)
    return render_template("voting/office/extend.html", form=form, round=found, latest=latest)


@voting.route("/office/round/annul", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def annul() -> ResponseReturnValue:
    """The whole round or one list does not count, by act."""
    found, form = get_present_round(), ActForm()
    gone = {one.scope for one in list_annulments(reading(), found.id)}
    form.scope.choices = [
        SelectChoice(WHOLE_ROUND, gettext("The whole round")),
        *(
            SelectChoice(s.code, scope_name(s.code))
            for s in found.frozen.scopes
            if s.code not in gone
        ),
    ]

    def deed(work: Work) -> None:
        act, note, scope = form.act.data or "", form.note.data or "", str(form.scope.data)
        if scope == WHOLE_ROUND:
            service.annul_round(work, actor(), round_id=found.id, act=act, note=note, at=now())
            return
        service.annul_scope(
            work, actor(), round_id=found.id, scope=scope, act=act, note=note, at=now()
        )

    if do(form, deed, gettext("It is annulled. It can be voted on anew in a new round.")):
        return redirect(url_for(HUB))
    return render_template("voting/office/annul.html", form=form, round=found)


@voting.route("/office/round/finish", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def finish() -> ResponseReturnValue:
    """Make the round final, or say until when an annulled one is kept: who took part is forgotten."""
    found, form = get_present_round(), FinishForm()
    is_annulled = found.status is RoundStatus.ANNULLED
    if is_shredded(reading(), found.id) if is_annulled else found.status is not RoundStatus.OPENED:
        return redirect(url_for(HUB))
    deed: Callable[..., None] = service.keep_annulled if is_annulled else service.finish_round
    done = do(
        form,
        lambda work: deed(
            work,
            actor(),
            round_id=found.id,
            keep_until=city_moment(form.keep_until.data),
            at=now(),
        ),
        gettext("The end of the appeals is set. Who took part in the annulled vote is forgotten.")
        if is_annulled
        else gettext("The round is final. Who took part is forgotten."),
    )
    if done:
        return redirect(url_for(HUB))
    if request.method == "GET":
        form.keep_until.data = (found.keep_until or now() + APPEALS).astimezone(CITY_ZONE)
    return render_template("voting/office/finish.html", form=form, round=found)


@voting.route("/office/round/hold", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def hold() -> ResponseReturnValue:
    """Lay a legal hold on the round, or lift the one that stands."""
    found, form = get_present_round(), ReasonForm()
    deed: Callable[..., None] = (
        service.hold_round if found.legal_hold is None else service.lift_hold
    )
    done = do(
        form,
        lambda work: deed(work, actor(), round_id=found.id, reason=form.note.data or "", at=now()),
        gettext("The legal hold stands. Nothing of this round will be destroyed.")
        if found.legal_hold is None
        else gettext("The legal hold is lifted."),
    )
    if done:
        return redirect(url_for(HUB))
    return render_template("voting/office/hold.html", form=form, round=found)


@voting.route("/office/round/shred", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def shred() -> ResponseReturnValue:
    """Destroy envelopes and keys; pressed again after a crash it goes on where it stopped."""
    found, form = get_present_round(), SureForm()
    if is_shredded(reading(), found.id):
        return _go_on(found, form) if found.destroyed_at is None else redirect(url_for(HUB))
    if found.status not in {RoundStatus.FINAL, RoundStatus.ANNULLED} or found.keep_until is None:
        return redirect(url_for(HUB))
    done = do(
        form,
        lambda work: service.shred_round(work, actor(), round_id=found.id, at=now()),
        gettext("Envelopes and the server's keys are destroyed."),
    )
    if done:
        _destroy(found)
        return redirect(url_for(HUB))
    return _page(found, form)


def _go_on(found: RoundFacts, form: Form) -> ResponseReturnValue:
    if form.validate_on_submit():
        _destroy(found)
        return redirect(url_for(HUB))
    return _page(found, form)


def _page(found: RoundFacts, form: Form) -> str:
    return render_template(
        "voting/office/shred.html",
        form=form,
        round=found,
        is_kept=found.keep_until is not None and now() < found.keep_until,
        members=queries.list_members(reading(), found.id),
    )


def _destroy(found: RoundFacts) -> None:
    at, base = now(), database()
    close_reading()  # VACUUM needs the database for itself
    service.destroy_remains(base, round_id=found.id, at=at)
