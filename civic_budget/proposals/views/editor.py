"""The editors' pages: what lacks approved Polish words, and one proposal with both texts side by side."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import find_current_edition, get_edition
from civic_budget.proposals import service
from civic_budget.proposals.forms import TranslationForm
from civic_budget.proposals.labels import FIELD_NAMES, STATE_KINDS, STATE_NAMES, say_scope
from civic_budget.proposals.queries import (
    get_proposal,
    list_begun,
    list_to_translate,
    list_waiting_for_author,
)
from civic_budget.proposals.rules import TEXT_FIELDS, ProposalState
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import asked_edition, attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.pages import Waiting


@proposals.get("/office/translations")
@access(Audience.EDITOR)
def translations() -> ResponseReturnValue:
    """Texts without approved words in a language, the longest waiting first; Polish is what counts."""
    edition = asked_edition()
    asked = request.args.get("to", "pl")
    code = asked if asked in settings().languages else "pl"
    names = district_names(reading())
    return render_template(
        "proposals/translations.html",
        edition=edition,
        rows=list_to_translate(reading(), edition.id, code),
        code=code,
        codes=[one for one in settings().languages if one != "eo"],
        begun=list_begun(reading(), edition.id, code),
        waiting=list_waiting_for_author(reading(), edition.id) if code == "pl" else (),
        scope_name=lambda scope: say_scope(scope, names),
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
    )


def waiting_translations() -> Waiting | None:
    """How many texts have no approved Polish words yet."""
    edition = find_current_edition(reading(), at=now())
    return Waiting(len(list_to_translate(reading(), edition.id))) if edition else None


@proposals.route("/office/translations/<uuid:proposal_id>/<code>", methods=["GET", "POST"])
@access(Audience.EDITOR)
def translate(proposal_id: UUID, code: str) -> ResponseReturnValue:
    """The author's words beside the translation; save them, or approve them."""
    proposal = get_proposal(reading(), proposal_id)
    is_known = code in settings().languages and code != proposal.language
    if proposal.state is ProposalState.DRAFT or not is_known:
        abort(404)
    edition = get_edition(reading(), proposal.edition_id)
    present = proposal.words.get(code)
    form = TranslationForm(
        data={name: getattr(present, name) if present else "" for name in TEXT_FIELDS}
    )
    if form.validate_on_submit():
        is_approved = "approve" in request.form
        if attempt(form, _put, form, proposal_id, code, is_approved):
            words = gettext("Approved.") if is_approved else gettext("Saved, not approved yet.")
            flash(words, "success")
            training = edition.slug if edition.is_training else None
            return redirect(url_for("proposals.translations", to=code, edition=training))
    return render_template(
        "proposals/translate.html",
        training=edition.is_training,
        proposal=proposal,
        code=code,
        present=present,
        form=form,
        fields=TEXT_FIELDS,
        field_names=FIELD_NAMES,
    )


def _put(form: TranslationForm, proposal_id: UUID, code: str, is_approved: bool) -> bool:
    with writing() as work:
        service.put_translation(
            work,
            actor(),
            proposal_id=proposal_id,
            language=code,
            texts={name: form[name].data or "" for name in TEXT_FIELDS},
            is_reviewed=is_approved,
            at=now(),
        )
    return True
