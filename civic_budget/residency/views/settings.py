"""Pages on which the city sets residence: deadlines, ages, shares, retention."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.config import LANGUAGES
from civic_budget.residency import service
from civic_budget.residency.labels.options import (
    CATALOGUE_LEADS,
    CATALOGUE_NAMES,
    say_option,
    say_option_text,
)
from civic_budget.residency.labels.settings import GROUP_LEADS, GROUP_NAMES, SETTING_NAMES
from civic_budget.residency.limits import SWITCHES, Group, names_in
from civic_budget.residency.options import Catalogue, Option, built_in
from civic_budget.residency.queries import get_limits, list_options
from civic_budget.residency.setting_forms import held_values, limits_form, option_form
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.residency.virus_scan import look_at_scanner
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import locale_code
from civic_budget.web.words import say_yes_no


@residency.get("/office/residence-settings")
@access(Audience.SETTINGS)
def settings_overview() -> ResponseReturnValue:
    """All settings in force, each with the way to change it."""
    limits = get_limits(reading())
    groups = [
        {
            "title": GROUP_NAMES[group],
            "url": url_for("residency.settings_group", group=group.value),
            "rows": [
                {"term": SETTING_NAMES[name], "value": _say(getattr(limits, name))}
                for name in names_in(group)
            ],
        }
        for group in Group
    ]
    lists = [
        {
            "title": CATALOGUE_NAMES[catalogue],
            "lead": CATALOGUE_LEADS[catalogue],
            "url": url_for("residency.settings_list", catalogue=catalogue.value),
        }
        for catalogue in Catalogue
    ]
    return render_template(
        "residency/settings.html",
        groups=groups,
        lists=lists,
        scanner=look_at_scanner(settings().virus_scanner),
        store=_store_words(),
    )


def _store_words() -> str:
    pages, keys = settings().evidence_pages_place, settings().evidence_keys_place
    if pages is None:
        return str(gettext("Pages and keys lie in two folders of this installation."))
    if keys is None:
        return str(gettext("Pages lie in an object store, keys in a folder of this installation."))
    return str(gettext("Pages and keys lie in two buckets of an object store."))


@residency.route("/office/residence-settings/<group>", methods=["GET", "POST"])
@access(Audience.SETTINGS)
def settings_group(group: str) -> ResponseReturnValue:
    """One group of settings."""
    if group not in {each.value for each in Group}:
        abort(404)
    chosen = Group(group)
    form = limits_form(chosen)(data=held_values(get_limits(reading()), chosen))
    if form.validate_on_submit() and attempt(form, _change, form) is not None:
        return redirect(url_for("residency.settings_overview"))
    return render_template(
        "residency/settings_group.html",
        form=form,
        question=GROUP_NAMES[chosen],
        lead=GROUP_LEADS[chosen],
        switches=SWITCHES,
    )


@residency.get("/office/residence-settings/lists/<catalogue>")
@access(Audience.SETTINGS)
def settings_list(catalogue: str) -> ResponseReturnValue:
    """A list of proofs or reasons as it holds now."""
    chosen = _catalogue(catalogue)
    options = list_options(reading(), chosen)
    return render_template(
        "residency/settings_list.html",
        catalogue=chosen,
        question=CATALOGUE_NAMES[chosen],
        lead=CATALOGUE_LEADS[chosen],
        rows=[(option, say_option(option, locale_code())) for option in options],
        is_proof=chosen is Catalogue.PROOF,
    )


@residency.route("/office/residence-settings/lists/<catalogue>/add", methods=["GET", "POST"])
@access(Audience.SETTINGS)
def add_option(catalogue: str) -> ResponseReturnValue:
    """A new entry."""
    chosen = _catalogue(catalogue)
    form = option_form(is_new=True)(data={"is_offered": True, "confirms_alone": True})
    if form.validate_on_submit() and attempt(form, _put, form, chosen, ""):
        return redirect(url_for("residency.settings_list", catalogue=chosen.value))
    return _option_page(chosen, form, gettext("Add an entry"))


@residency.route("/office/residence-settings/lists/<catalogue>/<code>", methods=["GET", "POST"])
@access(Audience.SETTINGS)
def change_option(catalogue: str, code: str) -> ResponseReturnValue:
    """An entry: its words in four languages, and what it means."""
    chosen = _catalogue(catalogue)
    held = next((o for o in list_options(reading(), chosen) if o.code == code), None)
    if held is None:
        abort(404)
    form = option_form(is_new=False)(data=_typed(held))
    if form.validate_on_submit() and attempt(form, _put, form, chosen, code):
        return redirect(url_for("residency.settings_list", catalogue=chosen.value))
    return _option_page(chosen, form, say_option(held, locale_code()))


def _option_page(catalogue: Catalogue, form: Any, title: str) -> str:
    return render_template(
        "residency/settings_option.html",
        form=form,
        question=title,
        catalogue=catalogue,
        list_name=CATALOGUE_NAMES[catalogue],
        is_proof=catalogue is Catalogue.PROOF,
        codes=list(LANGUAGES),
    )


def _typed(held: Option) -> dict[str, Any]:
    words = {f"name_{code}": say_option(held, code) for code in LANGUAGES}
    words |= {f"text_{code}": say_option_text(held, code) for code in LANGUAGES}
    return words | {
        "is_offered": held.is_offered,
        "needs_landlord": held.needs_landlord,
        "confirms_alone": held.confirms_alone,
    }


def _put(form: Any, catalogue: Catalogue, code: str) -> bool:
    is_new = not code
    option = _without_known_words(form.read(catalogue, form.code.data.strip() if is_new else code))
    with writing() as work:
        service.put_option(work, actor(), option=option, is_new=is_new, at=now())
    flash(gettext("Saved."), "success")
    return True


def _without_known_words(option: Option) -> Option:
    """Words that are the product's own stay its own, so that a better wording reaches the city."""
    known = next((each for each in built_in(option.catalogue) if each.code == option.code), None)
    if known is None:
        return option
    if all(option.names.get(code) == say_option(known, code) for code in LANGUAGES):
        option = replace(option, names={})
    if all(option.texts.get(code) == say_option_text(known, code) for code in LANGUAGES):
        option = replace(option, texts={})
    return option


def _catalogue(name: str) -> Catalogue:
    if name not in {each.value for each in Catalogue}:
        abort(404)
    return Catalogue(name)


def _change(form: Any) -> bool:
    with writing() as work:
        changed = service.change_settings(work, actor(), values=form.read(), at=now())
    flash(gettext("Saved.") if changed else gettext("Nothing was changed."), "success")
    return True


def _say(value: object) -> str:
    return say_yes_no(value) if isinstance(value, bool) else str(value)
