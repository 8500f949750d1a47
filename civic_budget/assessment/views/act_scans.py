"""The scan of a signed act: a coordinator uploads it or a better one; everybody may download it."""

from __future__ import annotations

import hashlib
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.assessment import service
from civic_budget.assessment.forms import ScanForm
from civic_budget.assessment.labels import say_scan_refusal
from civic_budget.assessment.queries import get_act, list_act_scans
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.editions.queries import get_edition
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.residency.intake import Kind, Refused, take_in
from civic_budget.storage.blobs import BlobMissing
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing

FILE_CSP = "default-src 'none'; sandbox"


@assessment.route("/office/acts/<uuid:act_id>/scan", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def act_scan_desk(act_id: UUID) -> ResponseReturnValue:
    """The scans of an act so far with their hashes, and a form for the next."""
    found = get_act(reading(), act_id)
    form = ScanForm()
    if form.validate_on_submit():
        try:
            _add(form, act_id)
        except DomainError as error:
            form.refuse(error, say_scan_refusal(error))
        else:
            flash(gettext("The signed scan is public now, beside the act."), "success")
            return redirect(url_for("assessment.act", act_id=act_id))
    return render_template(
        "assessment/act_scan.html",
        act=found,
        edition=get_edition(reading(), found.edition_id),
        scans=list_act_scans(reading(), act_id),
        form=form,
    )


def _add(form: ScanForm, act_id: UUID) -> None:
    data = form.file.data.read()
    try:
        taken = take_in(data, filename=form.file.data.filename or "")
    except Refused as refused:
        raise Conflict(refused.code, field="file", **refused.details) from refused
    if taken.kind is not Kind.PDF:
        raise Conflict("not_a_pdf", field="file")
    with writing() as work:
        service.add_act_scan(
            work,
            actor(),
            act_id=act_id,
            pages=taken.pages,
            upload_hash=hashlib.sha256(data).hexdigest(),
            at=now(),
        )


@assessment.get("/acts/<uuid:act_id>/scan.pdf")
@access(Audience.PUBLIC)
def act_scan(act_id: UUID) -> ResponseReturnValue:
    """The scan that is shown now, as a download."""
    scan = get_act(reading(), act_id).scan
    if scan is None:
        abort(404)
    try:
        content = service.scan_store(settings().instance).get(scan.blob)
    except BlobMissing:
        abort(404)
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="act-{act_id}-signed.pdf"'
    response.headers["Cache-Control"] = "no-store"  # a later scan may stand under this address
    response.headers["Content-Security-Policy"] = FILE_CSP
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
