"""Keying cards: first, again by another clerk, and a third time where two keyings differ.

What is keyed goes into the seal at once; the page never shows again what a card said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import StringField
from wtforms.validators import Length, Optional

from civic_budget.kernel.errors import DomainError
from civic_budget.storage.db import Work
from civic_budget.voting import commission_queries, queries, service
from civic_budget.voting.choice import Choice, Fault, InvalidChoice, Kind, Section
from civic_budget.voting.commission_forms import CardForm
from civic_budget.voting.commission_labels import say_card_fault
from civic_budget.voting.frozen import FrozenScope
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.labels import say_refusal
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.service import Control
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import load_secrets, scope_name
from civic_budget.voting.views.words import ballot_projects
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing

MARK = re.compile(r"(\w+)(?:[:=](\d+))?")


@voting.route(
    "/office/paper/batches/<uuid:batch_id>/<any(key, again, resolve):step>",
    methods=["GET", "POST"],
)
@access(Audience.CLERK)
def key_card(batch_id: UUID, step: str) -> ResponseReturnValue:
    """One card after the other, until the pile is done."""
    one = commission_queries.get_batch(reading(), batch_id)
    found = queries.get_round(reading(), one.round_id)
    lists = _lists(found, one.scope)
    form = _card_form(lists)
    if form.validate_on_submit():
        try:
            choice = {level: _section(found, scope, form) for level, scope in lists}
            serial = service.read_serial(form.serial.data or "")
            words, kind = _key(step, load_secrets(found), batch_id, serial, choice)
            flash(words, kind)
            return redirect(url_for("voting.key_card", batch_id=batch_id, step=step))
        except InvalidChoice as error:
            _refuse_marks(form, dict(lists), error.faults)
        except DomainError as error:
            form.refuse(error, say_refusal(error))
    return render_template(
        "voting/office/key.html",
        form=form,
        step=step,
        batch=one,
        scope=scope_name(one.scope),
        fields=[form[f"list_{level}"] for level, _ in lists],
    )


def _lists(found: RoundFacts, scope: str) -> list[tuple[str, FrozenScope]]:
    """Level and list of each part of the card."""
    lists = []
    for level in found.frozen.levels:
        own = [s for s in level.scopes if s.code == scope]
        lists += [(level.code, s) for s in own or level.scopes[:1]]
    return lists


def _card_form(lists: list[tuple[str, FrozenScope]]) -> CardForm:
    fields = {}
    for level, scope in lists:
        hint = (
            gettext("Numbers with their points, for example 4:3 1:2.")
            if scope.ballot.kind is Kind.CUMULATIVE
            else gettext("Numbers in the order of the boxes, for example 4 1 12.")
        )
        fields[f"list_{level}"] = StringField(
            scope_name(scope.code),
            [Optional(), Length(max=200)],
            description=hint,
            render_kw={"autocomplete": "off", "inputmode": "text"},
        )
    made: CardForm = type("CardForm", (CardForm,), fields)()
    return made


def _section(found: RoundFacts, scope: FrozenScope, form: CardForm) -> Section:
    """What was typed for a list; a number that is not on it becomes an error of the choice."""
    level = next(lv.code for lv in found.frozen.levels if scope in lv.scopes)
    numbers = {p.number: p.id for p in ballot_projects(found, scope, "pl")}
    marks = MARK.findall(form[f"list_{level}"].data or "")
    picks = tuple(numbers.get(number, f"?{number}") for number, _ in marks)
    if scope.ballot.kind is Kind.CUMULATIVE:
        return Section(scope.code, picks, tuple(int(points or 0) for _, points in marks))
    return Section(scope.code, picks)


def _refuse_marks(form: CardForm, lists: dict[str, FrozenScope], faults: Sequence[Fault]) -> None:
    """Each fault at its list; and what to do with a card that really says this."""
    for fault in faults:
        field = form[f"list_{fault.level}"]
        said = say_card_fault(fault, scope_name(lists[fault.level].code))
        field.errors = [*field.errors, said]
    form.form_errors = [
        gettext(
            "Compare with the card. If it really says this, it is no vote: lay it aside and count it under "
            "“Invalid cards” on the page of the batch."
        )
    ]


def _key(
    step: str, secrets: RoundSecrets, batch_id: UUID, serial: str, choice: Choice
) -> tuple[str, str]:
    """Key a card at a step; the sentence says on which pile it goes."""
    given = {"secrets": secrets, "batch_id": batch_id, "serial": serial, "choice": choice}

    def done(deed: Callable[..., object]) -> object:
        with writing() as work:
            return _run(deed, work, given)

    if step == "key":
        if done(partial(service.key_card, at=now())):
            return gettext("Keyed and sealed. Put this card on the control pile."), "warning"
        return gettext("Keyed and sealed."), "success"
    if step == "again":
        if done(service.key_again) is Control.DIFFERS:
            return (
                gettext("The two keyings differ. Lay the card aside for a third clerk."),
                "warning",
            )
        return gettext("Both keyings agree."), "success"
    done(service.resolve_card)
    return gettext("Resolved and sealed."), "success"


def _run(deed: Callable[..., object], work: Work, given: dict[str, object]) -> object:
    return deed(work, actor(), **given)
