"""An edition's checklists in the office: what is asked on each card, in which words and order."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.assessment import service
from civic_budget.assessment.forms import criterion_form
from civic_budget.assessment.labels import STAGE_NAMES
from civic_budget.assessment.queries import ChecklistLine, has_answers, list_checklist
from civic_budget.assessment.rules import CriterionWords, Stage
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.desk import attempt
from civic_budget.editions.drafts import DraftFacts, get_draft
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import CONTENT_LANGUAGES

NEW = "new"


@assessment.get("/office/editions/<slug>/checklists")
@access(Audience.COORDINATOR)
def checklists(slug: str) -> ResponseReturnValue:
    """Both cards of an edition."""
    draft = get_draft(reading(), slug)
    lines = list_checklist(reading(), draft.id)
    return render_template(
        "assessment/checklists.html",
        draft=draft,
        training=draft.is_training,
        cards=[(STAGE_NAMES[s], [one for one in lines if one.criterion.stage is s]) for s in Stage],
        is_begun=has_answers(reading(), draft.id),
    )


@assessment.route("/office/editions/<slug>/checklists/<key>", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def criterion(slug: str, key: str) -> ResponseReturnValue:
    """One criterion as the edition asks it, or (as `new`) one more."""
    draft = get_draft(reading(), slug)
    lines = {line.criterion.key: line for line in list_checklist(reading(), draft.id)}
    if key != NEW and key not in lines:
        abort(404)
    held = lines.get(key)
    form = criterion_form(is_new=held is None, data=_data(held, len(lines) + 1))
    if form.validate_on_submit() and attempt(form, _put, form, draft, held):
        flash(gettext("Saved."), "success")
        return redirect(url_for("assessment.checklists", slug=slug))
    return render_template(
        "assessment/criterion.html",
        draft=draft,
        training=draft.is_training,
        form=form,
        held=held,
        codes=list(CONTENT_LANGUAGES),
    )


def _data(held: ChecklistLine | None, position: int) -> dict[str, Any]:
    if held is None:
        return {"position": position, "is_asked": True, "correctable": True}
    words = {f"words_{code}": said for code, said in held.criterion.words.items()}
    return {
        **words,
        "position": held.position,
        "is_asked": held.is_asked,
        "correctable": held.criterion.correctable,
    }


def _put(form: Any, draft: DraftFacts, held: ChecklistLine | None) -> bool:
    with writing() as work:
        service.put_criterion(
            work,
            actor(),
            edition_id=draft.id,
            criterion=CriterionWords(
                held.criterion.key if held else form.key.data.strip(),
                held.criterion.stage if held else Stage(form.stage.data),
                form.correctable.data,
                form.read_words("words"),
            ),
            position=form.position.data,
            is_asked=form.is_asked.data,
            sentence=None if held else form.read_words("sentence"),
            at=now(),
        )
    return True
