"""Registers of residents outside the platform, taken in by an analyst: they become denominators."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.kernel.errors import DomainError
from civic_budget.statistics import labels, service
from civic_budget.statistics.classes import Residents, parse_counts
from civic_budget.statistics.errors import BadFile
from civic_budget.statistics.forms import RegisterForm
from civic_budget.statistics.views.blueprint import statistics
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, writing


@statistics.route("/office/statistics/register", methods=["GET", "POST"])
@access(Audience.ANALYST)
def take_register() -> ResponseReturnValue:
    """Source, day, definition, territory and the numbers; a line that can't be read is named."""
    form = RegisterForm()
    if form.validate_on_submit() and _take(form):
        flash(gettext("The register is taken in. It stands beside the rates."), "success")
        return redirect(url_for("statistics.office"))
    return render_template("statistics/register.html", form=form)


def _take(form: RegisterForm) -> bool:
    lines = ["nationality,residents", *(form.counts.data or "").splitlines()]
    try:
        residents = Residents(
            source=(form.source.data or "").strip(),
            as_of=form.as_of.data,
            definition=(form.definition.data or "").strip(),
            geography=(form.geography.data or "").strip(),
            counts=parse_counts(lines, "numbers"),
        )
        with writing() as work:
            service.import_register(work, actor(), residents=residents, is_basis=False, at=now())
    except BadFile as error:
        words = gettext(
            "Line %(line)s: write the code of a citizenship, a comma and a whole number, as UA,36300. "
            "Each citizenship comes once.",
            line=error.line - 1,
        )
        form.counts.errors = [*form.counts.errors, words]
        return False
    except DomainError as error:
        form.refuse(error, labels.say_refusal(error))
        return False
    return True
