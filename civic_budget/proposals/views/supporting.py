"""Supporters: the button for residents, the author's lists with their sheet to print, the officers' count."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import find_current_edition, get_current_edition
from civic_budget.kernel.decision import Decision, Denied
from civic_budget.kernel.errors import Conflict, DomainError, NotFound
from civic_budget.proposals import policy, service
from civic_budget.proposals.forms import EmptyForm
from civic_budget.proposals.labels import say_reason, say_refusal, say_scope
from civic_budget.proposals.people_forms import CountForm, ListFileForm, PaperCountForm
from civic_budget.proposals.queries import (
    find_by_reference,
    get_proposal,
    get_support_list,
    list_support_lists,
    list_uncounted,
    support_of,
)
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import OwnProposal, attempt, own_proposal
from civic_budget.residency.evidence import open_vault
from civic_budget.residency.evidence_page import answer_with_page
from civic_budget.residency.intake import EXTENSIONS, Refused, take_in
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import current_language
from civic_budget.web.pages import Waiting
from civic_budget.web.printing import pdf_response, qr_drawing, render_pdf

SHEET_ROWS = 15


@proposals.post("/proposals/<uuid:proposal_id>/support")
@access(Audience.RESIDENT)
def support(proposal_id: UUID) -> ResponseReturnValue:
    """One click: the resident supports the proposal."""
    return _supported(proposal_id, service.support_proposal, gettext("Thank you for your support."))


@proposals.post("/proposals/<uuid:proposal_id>/support/end")
@access(Audience.RESIDENT)
def end_support(proposal_id: UUID) -> ResponseReturnValue:
    """The resident changes their mind."""
    words = gettext("Your support is taken back.")
    return _supported(proposal_id, service.take_support_back, words)


def _supported(proposal_id: UUID, deed: service.SupportDeed, words: str) -> ResponseReturnValue:
    try:
        with writing() as work:
            deed(work, actor(), proposal_id=proposal_id, at=now())
    except NotFound:
        abort(404)
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(words, "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id))


@proposals.route("/my-proposals/<uuid:proposal_id>/supporters", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def supporters(proposal_id: UUID) -> ResponseReturnValue:
    """How many support it, how many are missing until when; the sheet to print and the scans sent."""
    own = own_proposal(proposal_id)
    form = ListFileForm()
    if form.validate_on_submit():
        pages = attempt(form, _take_list, own, form)
        if pages is not None:
            flash(
                ngettext(
                    "The list is here: %(num)s page. An officer will count the signatures.",
                    "The list is here: %(num)s pages. An officer will count the signatures.",
                    pages,
                ),
                "success",
            )
            return redirect(url_for("proposals.supporters", proposal_id=proposal_id))
    may = _may_send(own)
    return render_template(
        "proposals/supporters.html",
        proposal=own.facts,
        form=form,
        support=support_of(reading(), proposal_id, needed=own.needed),
        until=own.support_until,
        lists=list_support_lists(reading(), proposal_id),
        may_send=bool(may),
        why_not=say_reason(may.reason) if isinstance(may, Denied) else "",
        accept=",".join(sorted(EXTENSIONS)),
    )


def _may_send(own: OwnProposal) -> Decision:
    return policy.may_send_list(
        actor(), own.known, needed=own.needed, until=own.support_until, at=now()
    )


def _take_list(own: OwnProposal, form: ListFileForm) -> int:
    """Decode, seal in the evidence vault and note a list; nothing stays when noting is refused."""
    if isinstance(may := _may_send(own), Denied):
        raise Conflict(may.reason, field="file")
    vault = open_vault(settings())
    upload = form.file.data
    try:
        taken = take_in(upload.read(), filename=upload.filename or "")
    except Refused as refused:
        raise Conflict(refused.code, field="file", **refused.details) from refused
    sealed = vault.seal(taken.pages)
    try:
        with writing() as work:
            service.add_support_list(
                work,
                actor(),
                proposal_id=own.facts.id,
                vault_id=sealed.file_id,
                page_count=sealed.page_count,
                at=now(),
            )
    except BaseException:
        vault.destroy(sealed.file_id, page_count=sealed.page_count)
        raise
    return sealed.page_count


@proposals.get("/my-proposals/<uuid:proposal_id>/support-list.pdf")
@access(Audience.RESIDENT)
def support_sheet(proposal_id: UUID) -> Response:
    """The sheet for signatures, with a code that leads to the proposal."""
    own = own_proposal(proposal_id)
    facts, lang = own.facts, current_language()
    words = facts.best_words(lang)
    where = url_for("proposals.show", proposal_id=proposal_id, _external=True)
    content = render_pdf(
        "support_list",
        {
            "lang": lang,
            "title": gettext("List of supporters"),
            "proposal": {"words": words.title, "lang": words.language},
            "facts": [
                [gettext("Reference"), facts.reference or gettext("Draft")],
                [gettext("Where"), say_scope(facts.scope, district_names(reading()))],
                [gettext("Edition"), own.edition.name(lang)],
            ],
            "link": where,
            "qr": qr_drawing(where),
            "qr_words": gettext("Code that leads to the page of the proposal"),
            "intro": gettext("I live in Kraków and I support this proposal."),
            "clause": gettext(
                "The controller of the data is the City of Kraków. It checks the signatures with "
                "them (art. 5a of the act on municipal self-government) and destroys the list's "
                "scan 30 days after the count."
            ),
            "header": [
                gettext("No."),
                gettext("Given name and family name"),
                gettext("Address in Kraków"),
                gettext("Signature"),
            ],
            "rows": SHEET_ROWS,
        },
    )
    return pdf_response(content, "support-list.pdf")


@proposals.route("/office/support-lists", methods=["GET", "POST"])
@access(Audience.OFFICER)
def office_lists() -> ResponseReturnValue:
    """Lists that wait to be counted; a list that came on paper is entered here."""
    edition = get_current_edition(reading(), at=now())
    names = district_names(reading())
    form = PaperCountForm()
    if form.validate_on_submit() and attempt(form, _enter_paper, form):
        flash(gettext("Entered."), "success")
        return redirect(url_for("proposals.office_lists"))
    return render_template(
        "proposals/office_lists.html",
        rows=[
            (one, reference, say_scope(scope, names))
            for one, reference, scope in list_uncounted(reading(), edition.id)
        ],
        form=form,
    )


def _enter_paper(form: PaperCountForm) -> bool:
    proposal_id = find_by_reference(reading(), form.reference.data.strip())
    if proposal_id is None:
        raise Conflict(
            "no_such_reference", field="reference", reference=form.reference.data.strip()
        )
    with writing() as work:
        service.enter_paper_list(
            work, actor(), proposal_id=proposal_id, counted=form.counted.data, at=now()
        )
    return True


def waiting_lists() -> Waiting | None:
    """How many lists of supporters wait to be counted."""
    edition = find_current_edition(reading(), at=now())
    return Waiting(len(list_uncounted(reading(), edition.id))) if edition else None


@proposals.route("/office/support-lists/<uuid:list_id>", methods=["GET", "POST"])
@access(Audience.OFFICER)
def office_list(list_id: UUID) -> ResponseReturnValue:
    """Take a list, look at its pages, say how many signatures are valid."""
    found = get_support_list(reading(), list_id)
    if found is None:
        abort(404)
    form, claim = CountForm(), EmptyForm()
    is_mine = found.claimed_by == actor().account_id
    if not is_mine and claim.validate_on_submit():
        attempt(claim, _claim, list_id)
        return redirect(url_for("proposals.office_list", list_id=list_id))
    if is_mine and form.validate_on_submit() and attempt(form, _count, list_id, form.counted.data):
        flash(gettext("Counted."), "success")
        return redirect(url_for("proposals.office_lists"))
    return render_template(
        "proposals/office_list.html",
        list=found,
        proposal=get_proposal(reading(), found.proposal_id),
        is_mine=is_mine,
        form=form,
    )


def _claim(list_id: UUID) -> bool:
    with writing() as work:
        service.claim_list(work, actor(), list_id=list_id, at=now())
    return True


def _count(list_id: UUID, counted: int) -> bool:
    with writing() as work:
        service.count_list(work, actor(), list_id=list_id, counted=counted, at=now())
    return True


@proposals.get("/office/support-lists/<uuid:list_id>/<int:page>")
@access(Audience.OFFICER)
def office_list_page(list_id: UUID, page: int) -> ResponseReturnValue:
    """One page of a list, watermarked, from the evidence process; the look is logged first."""
    found = get_support_list(reading(), list_id)
    if found is None:
        abort(404)
    return answer_with_page(found.proposal_id, list_id, page)
