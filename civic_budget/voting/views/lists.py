"""The lists of a ballot: search, put on, order, take off. Every press is an ordinary POST.

No address of these pages names a project.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.kernel.money import say_money
from civic_budget.storage.db import keyring_of
from civic_budget.voting.choice import Kind, ScopeForm, Section
from civic_budget.voting.draft import add_mark, give_points, move_mark, remove_mark
from civic_budget.voting.forms import MarkForm
from civic_budget.voting.labels import LEVEL_NAMES, say_how, say_refusal
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import (
    Booth,
    find_booth,
    open_for_votes,
    scope_name,
)
from civic_budget.voting.views.words import (
    BallotProject,
    Filter,
    ballot_projects,
    categories_of,
    count_words,
    in_own_order,
    slots,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.current import reading
from civic_budget.web.locale import current_language


@voting.route("/vote/list/<any(district, city):level>", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def fill(level: str) -> ResponseReturnValue:
    """One list: search, put on, order, take off. Every press is an ordinary POST."""
    booth = find_booth()
    if booth is None or level not in booth.voter.lists:
        return redirect(url_for("voting.start"))
    if not open_for_votes(booth.round, booth.voter):
        return redirect(url_for("voting.start"))
    if booth.draft.cast_at is not None:
        return redirect(url_for("voting.codes"))
    form = MarkForm()
    if not form.validate_on_submit():
        return _show_list(booth, level, form)
    try:
        booth, announce = _mark(booth, level, form)
    except DomainError as error:
        refusal = say_refusal(error)
        form.refuse(error, refusal)
        return _show_list(booth, level, form, refusal, refused=form.add.data or level)
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
    if form.more.data or form.less.data:
        by = 1 if form.more.data else -1
        changed = give_points(scope, section, form.more.data or form.less.data, by)
        given = booth.draft.with_section(level, changed)
        return booth.with_draft(given), count_words(scope, changed)
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
    marked = booth.with_draft(booth.draft.with_section(level, changed))
    return marked, f"{words} {count_words(scope, changed)}"


def _add(booth: Booth, level: str, scope: ScopeForm, section: Section, project: str) -> Section:
    """Put a project on; one of another district gets a sentence of its own."""
    if project not in scope.projects:
        others = (s for lv in booth.round.frozen.form.levels if lv.code == level for s in lv.scopes)
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


def _show_list(
    booth: Booth, level: str, form: MarkForm, announce: str = "", *, refused: str = ""
) -> str:
    """The page of a list. `refused`: the project, or the whole list, at which `announce` says why not."""
    scope = booth.voter.lists[level]
    projects = ballot_projects(booth.round, scope, current_language())
    if booth.edition.ballot_rule.get("order") == SHUFFLED:
        ring = keyring_of(reading())
        projects = in_own_order(projects, ring, booth.round, booth.voter.person_id)
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
        how=say_how(booth.scope_form(level), is_required=booth.is_required(level)),
        count=count_words(booth.scope_form(level), section),
        in_order=scope.ballot.kind is Kind.POINTS,
        divides_points=scope.ballot.kind is Kind.CUMULATIVE,
        places={pick: place for place, pick in enumerate(section.picks, 1)},
        action=url_for("voting.fill", level=level, **_filter_args()),
        next_url=url_for("voting.fill", level=following[0])
        if following
        else url_for("voting.check"),
        form=form,
        announce=announce,
        refused=refused,
        step=booth.levels.index(level) + 1,
        steps=len(booth.levels) + 1,
    )


SHUFFLED = "shuffled"
COST_STEPS = (50_000, 100_000, 250_000, 500_000, 1_000_000)


def _cost_steps(projects: Sequence[BallotProject]) -> list[tuple[int, str]]:
    """Limits of cost (whole złoty) that divide this list."""
    costs = [project.grosze for project in projects]
    return [
        (step, gettext("up to %(money)s", money=say_money(step * 100)))
        for step in COST_STEPS
        if costs and min(costs) <= step * 100 < max(costs)
    ]
