"""My data: see and take a copy. Citizenship is shown on the residence page and in the copy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.queries import get_reachable
from civic_budget.residency import service
from civic_budget.residency.copy_parts import CopyPart
from civic_budget.residency.forms import EmptyForm
from civic_budget.residency.labels import SEX_NAMES
from civic_budget.residency.labels.clauses import CLAUSE_NAMES
from civic_budget.residency.own_copy import render_copy
from civic_budget.residency.queries import (
    find_confirmation,
    find_last_case,
    identity_of,
    list_clauses_shown,
    list_evidence,
    own_person,
    sex_of,
)
from civic_budget.residency.queries.joined import count_records_of_others, spare_records
from civic_budget.residency.rules import Sex
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.guardians import ward_of
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language, locale_code
from civic_budget.web.printing import pdf_response


@residency.get("/my-data")
@access(Audience.RESIDENT)
def my_data() -> ResponseReturnValue:
    """What is held about me."""
    person_id = own_person(reading(), _account())
    case = find_last_case(reading(), person_id) if person_id else None
    sex = sex_of(reading(), person_id) if person_id else None
    return render_template(
        "residency/my_data.html",
        form=EmptyForm(),
        contact=get_reachable(reading(), _account()).contact,
        identity=identity_of(reading(), person_id) if person_id else None,
        sex_name=SEX_NAMES[Sex(sex)] if sex else None,
        held=find_confirmation(reading(), person_id, at=now()) if person_id else None,
        files=list_evidence(reading(), case.id) if case else [],
        clauses=list_clauses_shown(reading(), person_id) if person_id else [],
        has_person=person_id is not None,
        joined=joined_records(),
        clause_names=CLAUSE_NAMES,
    )


@residency.post("/my-data/copy")
@access(Audience.RESIDENT)
def copy_data() -> ResponseReturnValue:
    """A copy of everything, as a JSON file."""
    return _as_json(_own_person(), "my-data")


@residency.post("/my-data/copy-pdf")
@access(Audience.RESIDENT)
def copy_data_pdf() -> ResponseReturnValue:
    """The same copy to read and print, as a tagged PDF in the reader's language."""
    return _as_pdf(_own_person(), gettext("My data"), "my-data")


@residency.post("/children/<uuid:tie_id>/copy")
@access(Audience.RESIDENT)
def copy_child(tie_id: UUID) -> ResponseReturnValue:
    """A copy of everything held about a child, for the guardian who acts."""
    return _as_json(ward_of(tie_id), "child-data")


@residency.post("/children/<uuid:tie_id>/copy-pdf")
@access(Audience.RESIDENT)
def copy_child_pdf(tie_id: UUID) -> ResponseReturnValue:
    """The child's copy as a tagged PDF."""
    return _as_pdf(ward_of(tie_id), gettext("The child’s data"), "child-data")


def joined_records() -> tuple[int, int]:
    """How many records officers joined to one's own: those no account has, those of other accounts."""
    person_id = own_person(reading(), _account())
    if person_id is None:
        return 0, 0
    others = count_records_of_others(reading(), person_id)
    return len(spare_records(reading(), person_id)), others


def _own_person() -> UUID:
    person_id = own_person(reading(), _account())
    if person_id is None:
        abort(404)
    return person_id


def _as_json(person_id: UUID, name: str) -> ResponseReturnValue:
    with writing() as work:
        copied = service.export_person(
            work, actor(), person_id=person_id, parts=copy_parts(), at=now()
        )
    body = json.dumps(copied, ensure_ascii=False, indent=2, sort_keys=True)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_pdf(person_id: UUID, title: str, name: str) -> ResponseReturnValue:
    with writing() as work:
        copied = service.export_person(
            work, actor(), person_id=person_id, parts=copy_parts(), at=now()
        )
    content = render_copy(
        copied,
        reading(),
        parts=copy_parts(),
        title=title,
        language=current_language(),
        city_locale=locale_code(),
    )
    response: Response = pdf_response(content, f"{name}.pdf")
    return response


def copy_parts() -> Sequence[CopyPart]:
    """What other rooms hold of a person; `wiring` names them."""
    return cast(Sequence[CopyPart], current_app.extensions["copy_parts"])


def _account() -> UUID:
    account_id = actor().account_id
    if account_id is None:
        abort(403)
    return account_id
