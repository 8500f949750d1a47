"""The publicly seeded draw: for everybody to redo, for the office to announce and to enter the seed."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from civic_budget.kernel.errors import NotFound
from civic_budget.residency import service
from civic_budget.residency.drawing import is_drawn, ticket
from civic_budget.residency.queries import (
    DrawFacts,
    get_draw,
    get_limits,
    list_draws,
    list_references,
)
from civic_budget.residency.rules import read_reference
from civic_budget.residency.setting_forms import AnnounceForm, SeedForm
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing


@residency.get("/residence-checks")
@access(Audience.PUBLIC)
def checks() -> ResponseReturnValue:
    """All draws with lists' fingerprints, seeds and counts; and whether a reference is drawn."""
    draws, typed = list_draws(reading()), request.args.get("reference", "").strip()
    reference = read_reference(typed)
    return render_template(
        "residency/checks.html",
        draws=draws,
        limits=get_limits(reading()),
        typed=typed,
        reference=reference,
        lots=[
            (draw, ticket(draw.seed, reference), is_drawn(draw.seed, reference, draw.permille))
            for draw in draws
            if draw.seed is not None and reference is not None
        ],
    )


@residency.route("/office/residence-settings/draws", methods=["GET", "POST"])
@access(Audience.SETTINGS)
def draws() -> ResponseReturnValue:
    """Draws so far, and the next one: fix the list, or enter the seed of the one that waits."""
    found = list_draws(reading())
    waiting = next((draw for draw in found if draw.seed is None), None)
    form = SeedForm() if waiting else AnnounceForm(data={"permille": 40})
    if form.validate_on_submit() and attempt(form, _act, form, waiting):
        return redirect(url_for("residency.draws"))
    return render_template("residency/draws.html", form=form, draws=found, waiting=waiting)


@residency.get("/office/residence-settings/draws/<uuid:draw_id>.txt")
@access(Audience.DRAW_AUDITORS)
def draw_list(draw_id: UUID) -> ResponseReturnValue:
    """The references of a draw's list, one a line, as its fingerprint was made."""
    try:
        get_draw(reading(), draw_id)
    except NotFound:
        abort(404)
    lines = "".join(f"{reference}\n" for reference in list_references(reading(), draw_id))
    answer = Response(lines, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.txt"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _act(form: AnnounceForm | SeedForm, waiting: DrawFacts | None) -> bool:
    with writing() as work:
        if waiting is None:
            service.announce_draw(
                work, actor(), source=form.source.data, permille=form.permille.data, at=now()
            )
            words = gettext("The list is fixed and its fingerprint is public.")
        else:
            drawn = service.enter_seed(
                work, actor(), draw_id=waiting.id, seed=form.seed.data, at=now()
            )
            words = ngettext("%(num)s case is drawn.", "%(num)s cases are drawn.", drawn)
    flash(words, "success")
    return True
