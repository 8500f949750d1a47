"""Paper at the office: points, batches, cards, slips. A page shows either names or cards, never both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from wtforms import SelectChoice

from civic_budget.city.queries import list_assistance_points
from civic_budget.editions.rules import CITY_WIDE
from civic_budget.kernel.actor import Role
from civic_budget.kernel.alphabet import alphabetic
from civic_budget.kernel.errors import DomainError
from civic_budget.storage.db import Work
from civic_budget.voting import commission_queries, service
from civic_budget.voting.commission_forms import (
    BatchForm,
    PointForm,
    PrintForm,
    SpoilForm,
)
from civic_budget.voting.commission_queries import BatchFacts
from civic_budget.voting.forms import ForgetForm
from civic_budget.voting.labels import say_refusal
from civic_budget.voting.printed.cards import POLISH, CardList, Said, in_both, render_cards
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import load_secrets, scope_name
from civic_budget.voting.views.sitting import do, find_present_round, press
from civic_budget.voting.views.words import BallotProject, ballot_projects
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import CONTENT_LANGUAGES, OWN_NAMES, current_language
from civic_budget.web.pages import Waiting
from civic_budget.web.printing import pdf_response
from civic_budget.web.words import say_number

HOME = "home"
_BEFORE_CLOSING = frozenset({RoundStatus.SETUP, RoundStatus.READY, RoundStatus.SUSPENDED})
_BEFORE_OPENING = _BEFORE_CLOSING | {RoundStatus.VERIFICATION}
PAPER = "voting.paper"


@dataclass(frozen=True)
class PointLine:
    """A point of the round as its page shows it."""

    code: str
    name: str
    is_online: bool
    closed_at: datetime | None


@voting.get("/office/paper")
@access(Audience.CLERK)
def paper() -> ResponseReturnValue:
    """Points, batches and cards of the present round."""
    found = find_present_round()
    if found is None:
        return render_template("voting/office/paper_none.html")
    return _show(found)


def waiting_batches() -> Waiting | None:
    """How many batches of paper votes are open."""
    found = find_present_round()
    if found is None:
        return None
    batches = commission_queries.list_batches(reading(), found.id)
    return Waiting(sum(not batch.is_closed for batch in batches))


def _show(found: RoundFacts, **forms: Form) -> str:
    return render_template(
        "voting/office/paper.html",
        round=found,
        points=_points(found),
        batches=[
            _row(batch)
            for batch in commission_queries.list_batches(reading(), found.id)
            if batch.claimed
            or not batch.is_closed  # one that was mixed into another is nothing more
        ],
        is_open=found.status in _BEFORE_OPENING,
        takes_points=found.status in _BEFORE_CLOSING,
        cards=_card_rows(found),
        may_open=actor().has(Role.COMMISSION),
        forms={
            "point": _point_form(found, fresh=True),
            "batch": _batch_form(found, fresh=True),
            "print": _print_form(found, fresh=True),
            "spoil": SpoilForm(formdata=None),
            **forms,
        },
        form=next(iter(forms.values()), None),
    )


def _row(batch: BatchFacts) -> dict[str, object]:
    return {
        "id": batch.id,
        "point": point_name(batch),
        "scope": scope_name(batch.scope),
        "claimed": say_number(batch.claimed),
        "keyed": say_number(batch.keyed),
        "invalid": say_number(batch.invalid),
        "is_closed": batch.is_closed,
        "is_sealed": batch.is_sealed,
        "protocol": batch.protocol_number,
    }


def _card_rows(found: RoundFacts) -> list[list[str]]:
    cards = commission_queries.count_cards(reading(), found.id)
    states = ("printed", "spoiled", "keyed")
    return [
        [scope_name(scope), *(say_number(numbers.get(state, 0)) for state in states)]
        for scope, numbers in sorted(cards.items())
    ]


def _point_form(found: RoundFacts, *, fresh: bool = False) -> PointForm:
    form = PointForm(formdata=None) if fresh else PointForm()
    open_ones = {point.code for point in _points(found) if point.closed_at is None}
    names = _point_names(current_language())
    form.code.choices = [
        SelectChoice(code, name) for code, name in names.items() if code not in open_ones
    ]
    return form


def _point_names(language: str) -> dict[str, str]:
    """Every place where paper votes may come from, by its code, home visits last."""
    names = {
        point.key: point.names.get(language, point.key)
        for point in list_assistance_points(reading())
    }
    with force_locale(language):
        return {**names, HOME: gettext("Home visits")}


def _points(found: RoundFacts) -> list[PointLine]:
    """The points of the round, each named as its reader says it; a place that is gone by its old name."""
    names = _point_names(current_language())
    lines = [
        PointLine(row.code, names.get(row.code, row.name), row.is_online, row.closed_at)
        for row in commission_queries.list_points(reading(), found.id)
    ]
    return sorted(lines, key=lambda line: alphabetic(line.name, current_language()))


def _batch_form(found: RoundFacts, *, fresh: bool = False) -> BatchForm:
    form = BatchForm(formdata=None) if fresh else BatchForm()
    form.point.choices = [
        SelectChoice(p.code, p.name) for p in _points(found) if p.closed_at is None
    ]
    form.scope.choices = _districts(found)
    return form


def _print_form(found: RoundFacts, *, fresh: bool = False) -> PrintForm:
    form = PrintForm(formdata=None) if fresh else PrintForm()
    form.scope.choices = _districts(found)
    form.language.choices = [SelectChoice(code, OWN_NAMES[code]) for code in CONTENT_LANGUAGES]
    return form


def _districts(found: RoundFacts) -> list[SelectChoice]:
    scopes = [s.code for s in found.frozen.scopes if s.code != CITY_WIDE]
    return [SelectChoice(code, scope_name(code)) for code in scopes or [CITY_WIDE]]


@voting.post("/office/paper/points")
@access(Audience.COMMISSION)
def open_point() -> ResponseReturnValue:
    """Open a place where people vote on paper."""
    found = find_present_round()
    if found is None:
        return redirect(url_for(PAPER))
    form = _point_form(found)
    names = _point_names("pl")

    def deed(work: Work) -> None:
        is_home = form.kind.data == "home" or form.code.data == HOME
        service.open_point(
            work,
            actor(),
            round_id=found.id,
            code=str(form.code.data),
            name=str(names.get(form.code.data, form.code.data)),
            is_online=form.kind.data == "online",
            is_home=is_home,
        )

    if do(form, deed, gettext("The point is open.")):
        return redirect(url_for(PAPER))
    return _show(found, point=form)


@voting.post("/office/paper/points/<code>/close")
@access(Audience.COMMISSION)
def close_point(code: str) -> ResponseReturnValue:
    """The last slips of a point are in."""
    found = find_present_round()
    if found is None:
        return redirect(url_for(PAPER))
    return press(
        ForgetForm(),
        lambda work: service.close_point(work, actor(), round_id=found.id, code=code, at=now()),
        gettext("The point is closed."),
        url_for(PAPER),
    )


@voting.post("/office/paper/batches")
@access(Audience.CLERK)
def open_batch() -> ResponseReturnValue:
    """Open a batch of a point and district."""
    found = find_present_round()
    if found is None:
        return redirect(url_for(PAPER))
    form = _batch_form(found)
    made: list[UUID] = []

    def deed(work: Work) -> None:
        point, scope = str(form.point.data), str(form.scope.data)
        made.append(service.open_batch(work, actor(), round_id=found.id, point=point, scope=scope))

    if do(form, deed, gettext("The batch is open.")):
        return redirect(url_for("voting.batch", batch_id=made[0]))
    return _show(found, batch=form)


@voting.post("/office/paper/cards.pdf")
@access(Audience.CLERK)
def print_cards() -> ResponseReturnValue:
    """Numbered cards of a district, made and printed in one go: their numbers stand nowhere else."""
    found = find_present_round()
    if found is None:
        return redirect(url_for(PAPER))
    form = _print_form(found)
    if not form.validate_on_submit():
        return _show(found, print=form)
    secrets, scope = load_secrets(found), str(form.scope.data)
    try:
        with writing() as work:
            serials = service.print_cards(
                work, actor(), secrets=secrets, scope=scope, number=form.number.data or 0
            )
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return _show(found, print=form)
    language = str(form.language.data)
    content = render_cards(
        serials,
        _lists_on_card(found, scope, language),
        district=in_both(partial(scope_name, scope), language),
        language=language,
        board_url=url_for("voting.present_board", _external=True),
    )
    return pdf_response(content, f"cards-{scope}.pdf")


def _lists_on_card(found: RoundFacts, scope: str, language: str) -> list[CardList]:
    """The district's list and every list that all voters have, with the numbers on the ballot."""
    lists = []
    for level in found.frozen.levels:
        codes = [s.code for s in level.scopes]
        for one in level.scopes:
            if one.code == scope or (scope not in codes and len(codes) == 1):
                polish, second = (ballot_projects(found, one, code) for code in (POLISH, language))
                projects = [
                    (p.number, titles_on_card(p, other, language))
                    for p, other in zip(polish, second, strict=True)
                ]
                name = in_both(partial(scope_name, one.code), language)
                lists.append(CardList(one.code, name, one.ballot, projects))
    return lists


def titles_on_card(polish: BallotProject, second: BallotProject, language: str) -> Said:
    """A title in the languages in which it stands there: without approved Polish words, the author's."""
    said = [(polish.lang or POLISH, polish.title), (second.lang or language, second.title)]
    return said[:1] if polish.title == second.title else said


@voting.post("/office/paper/spoil")
@access(Audience.CLERK)
def spoil_card() -> ResponseReturnValue:
    """A voter spoiled a card and gets another."""
    found, form = find_present_round(), SpoilForm()
    if found is None:
        return redirect(url_for(PAPER))
    secrets = load_secrets(found)

    def deed(work: Work) -> None:
        serial = service.read_serial(form.serial.data or "")
        service.spoil_card(work, actor(), secrets=secrets, serial=serial)

    if do(form, deed, gettext("The card is spoiled and can never be keyed.")):
        return redirect(url_for(PAPER))
    return _show(found, spoil=form)


def point_name(batch: BatchFacts) -> str:
    """The name of a batch's point, in the reader's language where the city knows the point still."""
    known = {p.code: p.name for p in commission_queries.list_points(reading(), batch.round_id)}
    name = _point_names(current_language()).get(batch.point)
    return name or known.get(batch.point, batch.point)
