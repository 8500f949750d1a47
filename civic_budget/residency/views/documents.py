"""A resident's documents: add one file on a page, see the list, remove. Pages are never shown back."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from wtforms.fields.choices import SelectChoice

from civic_budget.kernel.errors import Conflict
from civic_budget.residency import service
from civic_budget.residency.clauses import EVIDENCE
from civic_budget.residency.evidence import open_vault
from civic_budget.residency.forms import DocumentForm, EmptyForm
from civic_budget.residency.guardian_rules import GUARDIAN_PAPERS
from civic_budget.residency.intake import EXTENSIONS, Refused, take_in
from civic_budget.residency.labels.guardians import PAPER_HINTS, PAPER_NAMES
from civic_budget.residency.labels.options import option_names, option_texts
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries import CaseFacts, list_evidence, list_options
from civic_budget.residency.rules import MAX_FILES, Road
from civic_budget.residency.steps import Step
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import (
    after,
    attempt,
    before,
    editable_case,
    is_child,
    is_open,
    say_closed,
)
from civic_budget.residency.views.clauses import show_clause
from civic_budget.residency.virus_scan import require_clean
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, database, now, reading, settings, writing
from civic_budget.web.locale import locale_code


@residency.route("/residence/<reference>/documents", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def documents(reference: str) -> ResponseReturnValue:
    """The documents added so far; the first one is asked for at once."""
    case = editable_case(reference)
    files = list_evidence(reading(), case.id)
    form = EmptyForm()
    if not files:
        return redirect(url_for("residency.add_document", reference=case.reference))
    if form.validate_on_submit():
        return redirect(after(case.id))
    return render_template(
        "residency/documents.html",
        form=form,
        case=case,
        files=files,
        names=option_names(list_options(reading(), Catalogue.PROOF), locale_code()) | PAPER_NAMES,
        may_add=len(files) < MAX_FILES,
        back_url=before(Step.DOCUMENTS, case),
        step_caption=gettext("Your proof"),
    )


@residency.route("/residence/<reference>/documents/add", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def add_document(reference: str) -> ResponseReturnValue:
    """What kind of document is it, and its file."""
    case = editable_case(reference)
    if request.method == "GET" and not is_open(case, Road.DOCUMENT):
        return say_closed(case)
    form = DocumentForm()
    offered = [o for o in list_options(reading(), Catalogue.PROOF) if o.is_offered]
    kinds = option_names(offered, locale_code())
    if is_child(case):
        kinds = {code: str(PAPER_NAMES[code]) for code in GUARDIAN_PAPERS} | kinds
    form.kind.choices = [SelectChoice(code, words) for code, words in kinds.items()]
    if form.validate_on_submit():
        pages = attempt(form, _take_in, case, form)
        if pages is not None:
            flash(
                ngettext(
                    "The document is here: %(num)s page.",
                    "The document is here: %(num)s pages.",
                    pages,
                ),
                "success",
            )
            return redirect(url_for("residency.documents", reference=case.reference))
    return render_template(
        "residency/add_document.html",
        form=form,
        case=case,
        hints=PAPER_HINTS | option_texts(offered, locale_code()),
        clause=show_clause(EVIDENCE, case.person_id),
        accept=",".join(sorted(EXTENSIONS)),
        may_sign=is_open(case, Road.STATEMENT),
        back_url=before(Step.DOCUMENTS, case),
        step_caption=gettext("Your proof"),
    )


@residency.post("/residence/<reference>/documents/<uuid:file_id>/remove")
@access(Audience.RESIDENT)
def remove_document(reference: str, file_id: UUID) -> ResponseReturnValue:
    """Take a document out; its pages are deleted at once."""
    case = editable_case(reference)
    if file_id not in {file.id for file in list_evidence(reading(), case.id)}:
        abort(404)
    with writing() as work:
        service.condemn_evidence(work, actor(), case_id=case.id, file_id=file_id, at=now())
    service.destroy(database(), open_vault(settings()), file_id=file_id, at=now())
    flash(gettext("The document is deleted."), "success")
    return redirect(url_for("residency.documents", reference=case.reference))


def _take_in(case: CaseFacts, form: DocumentForm) -> int:
    """Decode, seal and note a document; returns its pages. Nothing stays when noting is refused."""
    if not is_open(case, Road.DOCUMENT):
        raise Conflict("road_closed", field="file")
    if len(list_evidence(reading(), case.id)) >= MAX_FILES:
        raise Conflict("too_many_files", field="file", most=MAX_FILES)
    vault = open_vault(settings())
    upload = form.file.data
    data = upload.read()
    require_clean(settings().virus_scanner, data)
    try:
        taken = take_in(data, filename=upload.filename or "")
    except Refused as refused:
        raise Conflict(refused.code, field="file", **refused.details) from refused
    sealed = vault.seal(taken.pages)
    try:
        with writing() as work:
            service.add_evidence(
                work,
                actor(),
                case_id=case.id,
                vault_id=sealed.file_id,
                kind=form.kind.data,
                page_count=sealed.page_count,
                at=now(),
            )
    except BaseException:
        vault.destroy(sealed.file_id, page_count=sealed.page_count)
        raise
    return sealed.page_count
