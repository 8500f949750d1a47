"""One page per setting of an edition in preparation: calendar, money, ballot, texts, sources, categories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names
from civic_budget.editions import service
from civic_budget.editions.ballots import LEVELS, BallotSetting, is_required
from civic_budget.editions.checking import SETTINGS_TO_CITE
from civic_budget.editions.drafts import DraftFacts, get_draft, list_categories
from civic_budget.editions.forms import (
    BallotForm,
    CalendarForm,
    CategoryForm,
    EmptyForm,
    SourceForm,
    TextsForm,
    choices,
    pools_form,
    typed_pools,
)
from civic_budget.editions.labels import LANGUAGE_NAMES, say_scope, say_setting
from civic_budget.editions.rules import CITY_WIDE, Milestone, city_time, scope_of, share_of
from civic_budget.editions.side_dates import SideDate
from civic_budget.editions.views.blueprint import editions
from civic_budget.editions.views.office import attempt
from civic_budget.kernel.errors import NotFound
from civic_budget.kernel.money import read_money, say_money
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form

USUAL_SHARE = 40
Deed = Callable[..., Any]


def _save(form: Form, draft: DraftFacts, deed: Deed, read: Callable[[], dict[str, Any]]) -> bool:
    """Do a settings deed with what the form reads; a refusal lands on the form."""

    def act() -> None:
        values = read()
        with writing() as work:
            deed(work, actor(), edition_id=draft.id, at=now(), **values)

    done, _ = attempt(form, act)
    if done:
        flash(gettext("Saved."), "success")
    return done


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("editions.overview", slug=slug))


@editions.route("/office/editions/<slug>/calendar", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def calendar(slug: str) -> ResponseReturnValue:
    """When everything is, on the city's clock."""
    draft = get_draft(reading(), slug)
    held = {m.value: city_time(t) for m, t in draft.moments.items()}
    held |= {d.value: city_time(t) for d, t in draft.side_dates.items()}
    form = CalendarForm(data=held)
    if form.validate_on_submit() and _save(
        form,
        draft,
        service.set_calendar,
        lambda: {"moments": form.read_moments(), "side_dates": form.read_side_dates()},
    ):
        return _back(slug)
    return _page(
        "calendar",
        draft,
        form,
        milestones=[m.value for m in Milestone],
        side_dates=[d.value for d in SideDate],
    )


@editions.route("/office/editions/<slug>/pools", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def pools(slug: str) -> ResponseReturnValue:
    """Money and limits of the city's pool and of each district's."""
    draft = get_draft(reading(), slug)
    districts = district_names(reading())
    scopes = [CITY_WIDE, *(scope_of(number) for number in sorted(districts))]
    form = pools_form(scopes, districts)(data=typed_pools(draft.pools))
    fills = request.form.get("fill") == "usual"
    if form.is_submitted() and fills:
        _fill_usual_limits(form)
    elif form.validate_on_submit() and _save(
        form, draft, service.set_pools, lambda: {"pools": form.read_pools()}
    ):
        return _back(slug)
    names = [(scope, say_scope(scope, districts)) for scope in scopes]
    total = sum(pool.money for pool in draft.pools)
    return _page("pools", draft, form, scopes=names, total=total, share=USUAL_SHARE)


def _fill_usual_limits(form: Any) -> None:
    """Set each district's highest cost to the usual share of its money; nothing is saved yet."""
    for scope in form.scopes:
        if scope == CITY_WIDE:
            continue
        try:
            money = read_money(form[f"money_{scope}"].data or "")
        except ValueError:
            continue
        limit = say_money(share_of(money, USUAL_SHARE)).removesuffix("zł").strip()
        form[f"max_cost_{scope}"].data = limit


@editions.route("/office/editions/<slug>/ballot", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def ballot(slug: str) -> ResponseReturnValue:
    """How a ballot is marked."""
    draft = get_draft(reading(), slug)
    held = dict(draft.ballot_rule)
    held["points"] = ", ".join(str(worth) for worth in held.get("points", []))
    held["total"] = held.get("sum")
    held["required"] = [level for level in LEVELS if is_required(draft.ballot_rule, level)]
    city = held.get("levels", {}).get("city", {})
    held |= {"city_minimum": city.get("minimum"), "city_maximum": city.get("maximum")}
    form = BallotForm(data=held)
    if form.validate_on_submit() and _save(form, draft, service.set_ballot_rule, _ballot(form)):
        return _back(slug)
    return _page("ballot", draft, form)


def _ballot(form: BallotForm) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "ballot": BallotSetting(
            kind=form.kind.data,
            points=form.read_points(),
            minimum=form.minimum.data,
            maximum=form.maximum.data,
            total=form.total.data,
            city_minimum=form.city_minimum.data,
            city_maximum=form.city_maximum.data,
            required=form.required.data,
            order=form.order.data,
            on_duplicate=form.on_duplicate.data,
        )
    }


@editions.route("/office/editions/<slug>/texts", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def texts(slug: str) -> ResponseReturnValue:
    """Name and introduction in four languages, the year, the proofs that count."""
    draft = get_draft(reading(), slug)
    introduction = draft.texts.get("introduction", {})
    data = {f"name_{code}": draft.names.get(code, "") for code in LANGUAGE_NAMES}
    data |= {f"introduction_{code}": introduction.get(code, "") for code in LANGUAGE_NAMES}
    held = {**data, "year": draft.year, "accepted_proofs": list(draft.accepted_proofs)}
    form = TextsForm(data=held)
    if form.validate_on_submit() and _save(form, draft, service.set_texts, _texts(form)):
        return _back(slug)
    return _page("texts", draft, form, codes=list(LANGUAGE_NAMES))


def _texts(form: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "year": form.year.data,
        "names": form.read_words("name"),
        "introductions": form.read_words("introduction"),
        "accepted_proofs": form.accepted_proofs.data,
    }


@editions.route("/office/editions/<slug>/sources", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def sources(slug: str) -> ResponseReturnValue:
    """From which resolution or ordinance each setting follows."""
    draft = get_draft(reading(), slug)
    districts = district_names(reading())
    settings = [
        *SETTINGS_TO_CITE,
        *(f"milestone:{m.value}" for m in Milestone),
        *(f"side:{d.value}" for d in SideDate),
        *(f"pool:{pool.scope}" for pool in draft.pools),
    ]
    form = SourceForm()
    form.setting.choices = choices((code, say_setting(code, districts)) for code in settings)
    if form.validate_on_submit() and _save(form, draft, service.cite_source, _source(form)):
        return redirect(url_for("editions.sources", slug=slug))
    rows = [(say_setting(source.setting, districts), source) for source in draft.sources.values()]
    return _page("sources", draft, form, rows=rows)


def _source(form: SourceForm) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "setting": form.setting.data,
        "act": form.act.data.strip(),
        "paragraph": (form.paragraph.data or "").strip(),
        "link": (form.link.data or "").strip(),
    }


@editions.post("/office/editions/<slug>/sources/drop")
@access(Audience.COORDINATOR)
def drop_source(slug: str) -> ResponseReturnValue:
    """Take a source back."""
    draft = get_draft(reading(), slug)
    form = EmptyForm()
    if form.validate_on_submit():
        setting = request.form.get("setting", "")
        _save(form, draft, service.drop_source, lambda: {"setting": setting})
    return redirect(url_for("editions.sources", slug=slug))


def _page(name: str, draft: DraftFacts, form: Form, **values: Any) -> str:
    return render_template(
        f"editions/{name}.html", draft=draft, training=draft.is_training, form=form, **values
    )


@editions.get("/office/categories")
@access(Audience.COORDINATOR)
def categories() -> ResponseReturnValue:
    """The city's categories, which all its editions share."""
    return render_template("editions/categories.html", rows=list_categories(reading()))


@editions.route("/office/categories/<code>", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def category(code: str) -> ResponseReturnValue:
    """One category, or (as `new`) one more."""
    held = {row[0]: row for row in list_categories(reading())}
    is_new = code == "new"
    if not is_new and code not in held:
        raise NotFound("no_such_category")
    data: dict[str, Any] = {"position": len(held) + 1}
    if not is_new:
        _, names, position = held[code]
        data = {"code": code, "position": position}
        data |= {f"name_{language}": words for language, words in names.items()}
    form = CategoryForm(data=data)
    if form.validate_on_submit():
        done, _none = attempt(form, lambda: _put_category(form, form.code.data if is_new else code))
        if done:
            flash(gettext("Saved."), "success")
            return redirect(url_for("editions.categories"))
    return render_template(
        "editions/category.html", form=form, is_new=is_new, codes=list(LANGUAGE_NAMES)
    )


def _put_category(form: Any, code: str) -> None:
    with writing() as work:
        service.change_category(
            work,
            actor(),
            code=code.strip(),
            names=form.read_words(),
            position=form.position.data,
            at=now(),
        )
