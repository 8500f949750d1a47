"""Pages on which the city sets residence: deadlines, ages, shares, retention."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.residency import service
from civic_budget.residency.labels.settings import GROUP_LEADS, GROUP_NAMES, SETTING_NAMES
from civic_budget.residency.limits import SWITCHES, Group, names_in
from civic_budget.residency.queries import get_limits
from civic_budget.residency.setting_forms import held_values, limits_form
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
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
    return render_template("residency/settings.html", groups=groups)


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


def _change(form: Any) -> bool:
    with writing() as work:
        changed = service.change_settings(work, actor(), values=form.read(), at=now())
    flash(gettext("Saved.") if changed else gettext("Nothing was changed."), "success")
    return True


def _say(value: object) -> str:
    return say_yes_no(value) if isinstance(value, bool) else str(value)
