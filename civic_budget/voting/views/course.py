"""The course of a vote in public, and how a person objects when their envelope was taken out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from civic_budget.editions.queries import get_edition_by_slug
from civic_budget.kernel.errors import DomainError
from civic_budget.residency.queries import (
    identity_of,
    own_person,
    persons_of_account,
    standing_of,
)
from civic_budget.residency.rules import Standing
from civic_budget.voting import commission_queries, queries, service
from civic_budget.voting.commission_forms import ObjectionForm
from civic_budget.voting.commission_labels import (
    INCIDENT_NAMES,
    INVALID_REASONS,
    SAMPLE_RESULTS,
    say_incident,
)
from civic_budget.voting.labels import VOID_REASONS, say_refusal, say_status
from civic_budget.voting.paper_sums import add_up
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import InvalidReason, RoundStatus, VoidReason
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import scope_name
from civic_budget.voting.views.sitting import find_present_round, find_secrets
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.words import say_day, say_moment, say_number


@voting.get("/editions/<slug>/vote")
@access(Audience.PUBLIC)
def course(slug: str) -> ResponseReturnValue:
    """Every step of the vote that the public may check: nights, lists, outages, acts, the end."""
    edition = get_edition_by_slug(reading(), slug)
    known = commission_queries.list_rounds_of_edition(reading(), edition.id)
    rounds = [_shown(queries.get_round(reading(), one), kind) for one, _, kind in known]
    return render_template("voting/course.html", edition=edition, rounds=rounds)


def _shown(found: RoundFacts, kind: str | None) -> dict[str, object]:
    return {
        "round": found,
        "kind": kind,
        "status": say_status(
            found.status, opens_at=found.opens_at, closes_at=found.closes_at, at=now()
        ),
        "scopes": [scope_name(s.code) for s in found.frozen.scopes],
        "steps": _steps(found),
        "nights": [
            [
                say_day(n.counted_on),
                say_number(n.count),
                n.root.hex(),
                _night_url(found, n.counted_on),
            ]
            for n in queries.list_nightly_counts(reading(), found.id)
        ],
        "sealed": [
            [say_moment(one.at), one.step, say_number(one.count), one.root.hex(), one.number]
            for one in commission_queries.list_sealed(reading(), found.id)
        ],
        "voids": [
            [VOID_REASONS[VoidReason(reason)], say_number(number)]
            for reason, number in queries.count_voids(reading(), found.id).items()
        ],
        "annulled": [
            {"scope": scope_name(one.scope), "act": one.act, "note": one.note, "at": one.at}
            for one in commission_queries.list_annulments(reading(), found.id)
        ],
        "sampled": [
            [SAMPLE_RESULTS[result], say_number(number)]
            for result, number in service.count_sampled(reading(), found.id).items()
        ],
        **_paper(found),
    }


def _steps(found: RoundFacts) -> list[dict[str, object]]:
    """What happened, in the order of time."""
    said = []
    for one in commission_queries.list_incidents(reading(), found.id):
        note = say_incident(one.kind, one.note)
        name = INCIDENT_NAMES.get(one.kind, one.kind)
        said.append({"at": one.at, "when": say_moment(one.at), "what": name, "note": note})
    for moment, words in (
        (found.opens_at if now() >= found.opens_at else None, gettext("Voting opened")),
        (found.closed_at, gettext("The vote was closed and the envelopes sealed")),
        (found.opened_at, gettext("The envelopes were opened")),
        (found.final_at, gettext("The round became final")),
    ):
        if moment is not None:
            said.append({"at": moment, "when": say_moment(moment), "what": words, "note": ""})
    return sorted(said, key=lambda step: step["at"])


def _paper(found: RoundFacts) -> dict[str, list[list[object]]]:
    """Sums of paper by list, once the vote is closed: small batches are not shown apart."""
    is_closed = found.status not in {RoundStatus.SETUP, RoundStatus.READY, RoundStatus.SUSPENDED}
    paper = add_up(commission_queries.list_batches(reading(), found.id) if is_closed else ())
    return {
        "batches": [
            [scope_name(scope), *map(say_number, row)]
            for scope, row in sorted(paper.scopes.items())
        ],
        "invalid": [
            [INVALID_REASONS[InvalidReason(reason)], say_number(number)]
            for reason, number in sorted(paper.reasons.items())
        ],
    }


def _night_url(found: RoundFacts, day: object) -> str:
    return url_for("voting.night_list", round_id=found.id, day=str(day))


@voting.get("/votes/<uuid:round_id>/nights/<day>.txt")
@access(Audience.PUBLIC)
def night_list(round_id: UUID, day: str) -> Response:
    """The hashes of the envelopes of a night, for observers to keep."""
    nights = queries.list_nightly_counts(reading(), round_id)
    found = [night.hashes for night in nights if night.counted_on.isoformat() == day]
    return _text(found, f"envelopes-{day}.txt")


@voting.get("/votes/<uuid:round_id>/lists/<int:number>.txt")
@access(Audience.PUBLIC)
def sealed_list(round_id: UUID, number: int) -> Response:
    """The hashes of the envelopes at the closing, and after the last slips or votes given back."""
    lists = commission_queries.list_sealed(reading(), round_id)
    found = [one.hashes for one in lists if one.number == number]
    return _text(found, f"envelopes-sealed-{number}.txt")


def _text(found: list[str], name: str) -> Response:
    if not found:
        abort(404)
    answer = Response(found[0], content_type="text/plain; charset=us-ascii")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@voting.route("/vote/objection", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def objection() -> ResponseReturnValue:
    """Why the own envelope, or a child's, was taken out, and the way to object in time."""
    found, form = find_present_round(), ObjectionForm()
    secrets = find_secrets(found) if found else None
    if found is None or secrets is None:
        return render_template("voting/objection.html", votes=[], form=form)
    person_id = _person_of(form)
    if form.validate_on_submit() and person_id is not None:
        try:
            with writing() as work:
                service.object_to_void(
                    work,
                    actor(),
                    secrets=secrets,
                    person_id=person_id,
                    words=form.words.data or "",
                    at=now(),
                )
            flash(gettext("Your objection is in. The commission will answer it."), "success")
            return redirect(url_for("voting.objection"))
        except DomainError as error:
            form.refuse(error, say_refusal(error))
    votes = [one for one in (_voided(found, p) for p in _own_persons()) if one]
    return render_template("voting/objection.html", votes=votes, form=form)


def _person_of(form: ObjectionForm) -> UUID | None:
    try:
        return UUID(form.person.data or "")
    except ValueError:
        return None


def _own_persons() -> list[UUID]:
    return list(persons_of_account(reading(), current_user.account_id))


def _voided(found: RoundFacts, person_id: UUID) -> dict[str, object] | None:
    secrets = find_secrets(found)
    assert secrets is not None
    tags = service.tags_ever(reading(), secrets, person_id)
    void = commission_queries.find_void(reading(), found.id, tags)
    if void is None:
        return None
    is_own = person_id == own_person(reading(), current_user.account_id)
    identity = None if is_own else identity_of(reading(), person_id)
    return {
        "person": str(person_id),
        "name": identity.given_names if identity else "",
        "reason": VOID_REASONS[VoidReason(void.reason)] if void.reason else "",
        "until": void.object_until,
        "is_open": now() < void.object_until and void.objection is None and not void.answer,
        "objection": void.objection,
        "answer": void.answer,
        "waits": found.opened_at is None
        and standing_of(reading(), person_id, at=now()) is not Standing.CONFIRMED,
        "vote_until": _vote_until(found, person_id),
        "has_card": void.has_card,
    }


def _vote_until(found: RoundFacts, person_id: UUID) -> datetime | None:
    """Until when a vote given back to a person may be cast; None when there is none or it is over."""
    until = service.returned_until(reading(), found.id, person_id)
    return until if until is not None and now() < until else None
