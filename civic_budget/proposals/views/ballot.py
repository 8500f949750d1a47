"""Numbers on the ballot: the coordinator's page, and the public page from which anybody redoes the draw."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import get_edition_by_slug
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.decision import Denied
from civic_budget.proposals import policy, service
from civic_budget.proposals.drawing import draw_numbers, lot_of
from civic_budget.proposals.forms import DrawForm, ListForm
from civic_budget.proposals.labels import say_reason, say_scope
from civic_budget.proposals.models import BallotDraw, BallotList
from civic_budget.proposals.queries import (
    count_submitted,
    find_draw,
    get_proposal,
    list_ballot_lists,
    read_text_to_vote,
)
from civic_budget.proposals.rules import ProposalState
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import asked_edition, attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language
from civic_budget.web.printing import pdf_response, render_pdf
from civic_budget.web.words import say_moment


@proposals.route("/office/ballot-numbers", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def ballot_numbers() -> ResponseReturnValue:
    """Publish the list with its hash, then enter the seed."""
    edition = asked_edition()
    publish, draw = ListForm(prefix="list"), DrawForm(prefix="draw")
    sent = draw if "draw" in request.form else publish
    if sent.validate_on_submit():
        deed = _draw if sent is draw else _publish
        if attempt(sent, deed, sent, edition.id):
            return redirect(
                url_for("proposals.ballot_numbers", edition=request.args.get("edition"))
            )
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
            work,
            actor(),
            edition_id=edition_id,
            seed_source=form.seed_source.data,
            seed_at=form.seed_at.data.replace(tzinfo=CITY_ZONE),
            is_physical=form.is_physical.data == "physical",
            at=now(),
        )
    flash(gettext("The list is published with its hash. Now wait for the draw."), "success")
    return True


def _draw(form: DrawForm, edition_id: UUID) -> bool:
    with writing() as work:
        service.draw_ballot_numbers(
            work,
            actor(),
            edition_id=edition_id,
            seed=form.seed.data,
            protocol=form.protocol.data or "",
            at=now(),
        )
    flash(gettext("The numbers are drawn."), "success")
    return True


@dataclass(frozen=True)
class OrderLine:
    """A proposal of the published list with its lot and number, once they are drawn."""

    where: str
    number: int | None
    reference: str
    title: str
    text_hash: str
    lot: str


def _lines(published: BallotList, drawn: BallotDraw | None) -> list[OrderLine]:
    names = district_names(reading())
    numbers = draw_numbers(published.listing, drawn.seed) if drawn else {}
    lines = []
    for line in published.listing.splitlines():
        scope, reference, _cost, title, *rest = line.split("\t")
        lot = lot_of(drawn.seed, published.hash, reference) if drawn else ""
        where = say_scope(scope, names)
        number = numbers.get(reference)
        lines.append(OrderLine(where, number, reference, title, "".join(rest), lot))
    return sorted(lines, key=lambda one: (one.where, one.number or 0, one.reference))


@proposals.get("/editions/<slug>/ballot-order")
@access(Audience.PUBLIC)
def ballot_order(slug: str) -> ResponseReturnValue:
    """The published list, its hash, the seed, each lot: everything to redo the draw."""
    edition = get_edition_by_slug(reading(), slug)
    published, drawn = _drawn(edition.id)
    return render_template(
        "proposals/ballot_order.html",
        edition=edition,
        published=published,
        drawn=drawn,
        rows=_lines(published, drawn),
        procedure=list_procedure(),
    )


@proposals.get("/editions/<slug>/ballot-order.pdf")
@access(Audience.PUBLIC)
def ballot_order_sheet(slug: str) -> ResponseReturnValue:
    """The procedure in ten lines, the hash, the seed and the numbers, to print."""
    edition = get_edition_by_slug(reading(), slug)
    published, drawn = _drawn(edition.id)
    language = current_language()
    facts = [
        [gettext("Published on"), say_moment(published.published_at)],
        [gettext("Hash of the list"), published.hash],
        [gettext("The seed comes from"), published.seed_source],
        [gettext("The seed"), drawn.seed if drawn else gettext("not drawn yet")],
    ]
    if drawn and drawn.protocol:
        facts.append([gettext("Protocol of the draw"), drawn.protocol])
    rows = [
        [one.reference, one.where, str(one.number or "–"), one.title, one.lot[:12]]
        for one in _lines(published, drawn)
    ]
    return pdf_response(
        render_pdf(
            "ballot_draw",
            {
                "lang": language,
                "title": gettext("How the numbers on the ballot were drawn"),
                "edition": edition.name(language),
                "facts": facts,
                "how_title": gettext("How to check it"),
                "how": list_procedure(),
                "header": [
                    gettext("Reference"),
                    gettext("Where"),
                    gettext("Number"),
                    gettext("Title"),
                    gettext("Lot"),
                ],
                "rows": rows,
            },
        ),
        f"ballot-order-{slug}.pdf",
    )


def list_procedure() -> list[str]:
    """The draw in ten lines, for whoever wants to redo it with any program or by hand."""
    return [
        gettext("Download the list as text. Change nothing in it, not even the end of a line."),
        gettext("Compute SHA-256 of the file: it must be the hash of the list, published before."),
        gettext(
            "Each line holds scope, reference, cost in grosze, title and the hash of the text."
        ),
        gettext("Take the seed exactly as it is written here, with its spaces."),
        gettext(
            "For each line write: the seed, a bar |, the hash of the list, a bar |, the reference."
        ),
        gettext(
            "Compute SHA-256 of what you wrote, as text in UTF-8. This is the lot of the proposal."
        ),
        gettext("Write each lot with the digits 0–9 and the letters a–f."),
        gettext("Sort the lots of one scope as one sorts words: digits before letters."),
        gettext("The first gets number 1, the second number 2, and so on; each scope begins anew."),
        gettext("The numbers you get must be those on the ballot. If not, please tell the city."),
    ]


@proposals.get("/proposals/<uuid:proposal_id>/voted-text.json")
@access(Audience.PUBLIC)
def text_to_vote(proposal_id: UUID) -> ResponseReturnValue:
    """The text that is put to the vote, byte for byte as it was hashed for the list."""
    found = get_proposal(reading(), proposal_id)
    if found.state is not ProposalState.ADMITTED:
        abort(404)
    return Response(read_text_to_vote(reading(), proposal_id), mimetype="application/json")


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
