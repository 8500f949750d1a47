"""Numbers on the ballot: the coordinator's page, and the public page from which anybody redoes the draw."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import get_current_edition, get_edition_by_slug
from civic_budget.kernel.decision import Denied
from civic_budget.proposals import policy, service
from civic_budget.proposals.drawing import draw_numbers, lot_of
from civic_budget.proposals.forms import DrawForm, ListForm
from civic_budget.proposals.labels import say_reason, say_scope
from civic_budget.proposals.models import BallotDraw, BallotList
from civic_budget.proposals.queries import count_submitted, find_draw, list_ballot_lists
from civic_budget.proposals.rules import ProposalState
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing


@proposals.route("/office/ballot-numbers", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def ballot_numbers() -> ResponseReturnValue:
    """Publish the list with its hash, then enter the seed."""
    edition = get_current_edition(reading(), at=now())
    publish, draw = ListForm(prefix="list"), DrawForm(prefix="draw")
    sent = draw if "draw" in request.form else publish
    if sent.validate_on_submit():
        deed = _draw if sent is draw else _publish
        if attempt(sent, deed, sent, edition.id):
            return redirect(url_for("proposals.ballot_numbers"))
    lists = list_ballot_lists(reading(), edition.id)
    may = policy.may_draw(actor(), phase=edition.phase(now()))
    return render_template(
        "proposals/ballot_numbers.html",
        edition=edition,
        form=sent,
        publish=publish,
        draw=draw,
        lists=lists,
        drawn=find_draw(reading(), edition.id),
        admitted=count_submitted(reading(), edition.id).get(ProposalState.ADMITTED, 0),
        why_not=say_reason(may.reason) if isinstance(may, Denied) else "",
    )


def _publish(form: ListForm, edition_id: UUID) -> bool:
    with writing() as work:
        service.publish_ballot_list(
            work, actor(), edition_id=edition_id, seed_source=form.seed_source.data, at=now()
        )
    flash(gettext("The list is published with its hash. Now wait for the draw."), "success")
    return True


def _draw(form: DrawForm, edition_id: UUID) -> bool:
    with writing() as work:
        service.draw_ballot_numbers(
            work, actor(), edition_id=edition_id, seed=form.seed.data, at=now()
        )
    flash(gettext("The numbers are drawn."), "success")
    return True


@proposals.get("/editions/<slug>/ballot-order")
@access(Audience.PUBLIC)
def ballot_order(slug: str) -> ResponseReturnValue:
    """The published list, its hash, the seed, each lot: everything to redo the draw."""
    edition = get_edition_by_slug(reading(), slug)
    published, drawn = _drawn(edition.id)
    names = district_names(reading())
    numbers = draw_numbers(published.listing, drawn.seed) if drawn else {}
    lines = [line.split("\t") for line in published.listing.splitlines()]
    rows = [
        (
            say_scope(scope, names),
            numbers.get(reference),
            reference,
            title,
            lot_of(drawn.seed, published.hash, reference) if drawn else "",
        )
        for scope, reference, _cost, title in lines
    ]
    return render_template(
        "proposals/ballot_order.html",
        edition=edition,
        published=published,
        drawn=drawn,
        rows=sorted(rows, key=lambda row: (row[0], row[1] or 0, row[2])),
    )


@proposals.get("/editions/<slug>/ballot-order.txt")
@access(Audience.PUBLIC)
def ballot_list_file(slug: str) -> ResponseReturnValue:
    """The list as the text whose hash was published, byte for byte."""
    published, _drawn_row = _drawn(get_edition_by_slug(reading(), slug).id)
    return Response(published.listing, mimetype="text/plain")


def _drawn(edition_id: UUID) -> tuple[BallotList, BallotDraw | None]:
    lists = list_ballot_lists(reading(), edition_id)
    drawn = find_draw(reading(), edition_id)
    if not lists:
        abort(404)
    number = drawn.list_number if drawn else lists[0].number
    return next(row for row in lists if row.number == number), drawn
