"""Pictures and attachments: an author's pages to add and remove them, and the bytes under own headers."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.proposals import policy, service
from civic_budget.proposals.file_rules import MOST_ATTACHMENTS, MOST_PICTURES
from civic_budget.proposals.labels import say_refusal
from civic_budget.proposals.people_forms import AttachmentForm, PictureForm
from civic_budget.proposals.queries import (
    ProposalFacts,
    find_attachment,
    find_picture,
    get_proposal,
    list_attachments,
    list_pictures,
)
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import attempt, own_proposal, turn_back
from civic_budget.residency.intake import EXTENSIONS, Intake, Kind, Refused, take_in
from civic_budget.storage.blobs import BlobMissing
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import current_language

FILE_CSP = "default-src 'none'; sandbox"
PICTURES = sorted(suffix for suffix, kind in EXTENSIONS.items() if kind is not Kind.PDF)


@proposals.route("/my-proposals/<uuid:proposal_id>/pictures", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_pictures(proposal_id: UUID) -> ResponseReturnValue:
    """One picture with words at a time; those that are here, each with a button to remove it."""
    own = own_proposal(proposal_id)
    if (back := turn_back(own)) is not None:
        return back
    form = PictureForm()
    if form.validate_on_submit() and attempt(form, _add_picture, proposal_id, form):
        flash(gettext("The picture is here. Its place and camera data were removed."), "success")
        return redirect(url_for("proposals.section_pictures", proposal_id=proposal_id))
    shown = [p for p in list_pictures(reading(), proposal_id) if p.step_id is None]
    return render_template(
        "proposals/section_pictures.html",
        proposal=own.facts,
        form=form,
        pictures=shown,
        may_add=len(shown) < MOST_PICTURES,
        accept=",".join(PICTURES),
    )


@proposals.post("/my-proposals/<uuid:proposal_id>/pictures/<uuid:picture_id>/remove")
@access(Audience.RESIDENT)
def remove_picture(proposal_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    """Take a picture out."""
    own_proposal(proposal_id)
    found = find_picture(reading(), picture_id)
    if found is None or found.proposal_id != proposal_id:
        abort(404)
    try:
        with writing() as work:
            service.remove_picture(work, actor(), picture_id=picture_id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("Removed."), "success")
    return redirect(url_for("proposals.section_pictures", proposal_id=proposal_id))


@proposals.route("/my-proposals/<uuid:proposal_id>/attachments", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_attachments(proposal_id: UUID) -> ResponseReturnValue:
    """One document at a time, public or for the office only."""
    own = own_proposal(proposal_id)
    if (back := turn_back(own)) is not None:
        return back
    form = AttachmentForm()
    if form.validate_on_submit() and attempt(form, _add_attachment, own.facts, form):
        flash(gettext("The document is here."), "success")
        return redirect(url_for("proposals.section_attachments", proposal_id=proposal_id))
    files = list_attachments(reading(), proposal_id)
    return render_template(
        "proposals/section_attachments.html",
        proposal=own.facts,
        form=form,
        files=files,
        may_add=len(files) < MOST_ATTACHMENTS,
        accept=",".join(sorted(EXTENSIONS)),
    )


@proposals.post("/my-proposals/<uuid:proposal_id>/attachments/<uuid:attachment_id>/remove")
@access(Audience.RESIDENT)
def remove_attachment(proposal_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Take an attachment out."""
    own_proposal(proposal_id)
    found = find_attachment(reading(), attachment_id)
    if found is None or found.proposal_id != proposal_id:
        abort(404)
    try:
        with writing() as work:
            service.remove_attachment(work, actor(), attachment_id=attachment_id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("Removed."), "success")
    return redirect(url_for("proposals.section_attachments", proposal_id=proposal_id))


@proposals.get("/proposals/<uuid:proposal_id>/pictures/<uuid:picture_id>.jpg")
@access(Audience.PUBLIC)
def picture(proposal_id: UUID, picture_id: UUID) -> ResponseReturnValue:
    """A picture's bytes, for whoever may see the proposal."""
    proposal = _visible(proposal_id)
    found = find_picture(reading(), picture_id)
    if found is None or found.proposal_id != proposal.id:
        abort(404)
    store = service.picture_store(settings().instance)
    try:
        response = Response(store.get(found.blob), mimetype="image/jpeg")
    except BlobMissing:
        abort(404)
    is_public = proposal.reference is not None
    response.headers["Cache-Control"] = "public, max-age=86400" if is_public else "no-store"
    response.headers["Content-Security-Policy"] = FILE_CSP
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@proposals.get("/proposals/<uuid:proposal_id>/attachments/<uuid:attachment_id>.pdf")
@access(Audience.PUBLIC)
def attachment(proposal_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """An attachment as a download; an internal one only for staff who assess, and its authors."""
    proposal = _visible(proposal_id)
    found = find_attachment(reading(), attachment_id)
    if found is None or found.proposal_id != proposal.id:
        abort(404)
    authors = frozenset({proposal.author_account, *proposal.co_authors})
    may = policy.may_read_attachment(actor(), is_public=found.is_public, authors=authors)
    if not may:
        abort(404)  # not even that it is there
    store = service.attachment_store(settings().instance)
    try:
        response = Response(store.get(found.blob), mimetype="application/pdf")
    except BlobMissing:
        abort(404)
    response.headers["Content-Disposition"] = 'attachment; filename="attachment.pdf"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = FILE_CSP
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _visible(proposal_id: UUID) -> ProposalFacts:
    proposal = get_proposal(reading(), proposal_id)
    if not policy.may_see(
        actor(),
        author_account=proposal.author_account,
        state=proposal.state,
        co_authors=proposal.co_authors,
    ):
        abort(404)
    return proposal


def _decode(upload: FileStorage) -> Intake:
    try:
        return take_in(upload.read(), filename=upload.filename or "")
    except Refused as refused:
        raise Conflict(refused.code, field="file", **refused.details) from refused


def _add_picture(proposal_id: UUID, form: PictureForm) -> bool:
    taken = _decode(form.file.data)
    if taken.kind is Kind.PDF:
        raise Conflict("not_a_picture", field="file")
    with writing() as work:
        service.add_picture(
            work,
            actor(),
            proposal_id=proposal_id,
            page=taken.pages[0],
            alt={current_language(): form.alt.data or ""},
            at=now(),
        )
    return True


def _add_attachment(proposal: ProposalFacts, form: AttachmentForm) -> bool:
    taken = _decode(form.file.data)
    with writing() as work:
        service.add_attachment(
            work,
            actor(),
            proposal_id=proposal.id,
            pages=taken.pages,
            title=form.title.data or "",
            language=current_language(),
            is_public=form.seen_by.data == "everybody",
            at=now(),
        )
    return True
