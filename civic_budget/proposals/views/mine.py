"""An author's pages: own proposals, begin, task list, check and send, what happened, withdraw, agree."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import (
    EditionFacts,
    category_names,
    find_current_edition,
    get_edition,
)
from civic_budget.editions.rules import CITY_WIDE, Milestone, Phase, scope_of
from civic_budget.kernel.decision import Denied
from civic_budget.proposals import policy, service
from civic_budget.proposals.correcting import Correction, match_correction
from civic_budget.proposals.forms import EmptyForm, StartForm
from civic_budget.proposals.labels import (
    FIELD_NAMES,
    SECTION_NAMES,
    STATE_KINDS,
    STATE_NAMES,
    say_gap,
    say_next,
    say_reason,
    say_scope,
)
from civic_budget.proposals.queries import (
    DecisionFacts,
    ProposalFacts,
    content_of,
    find_last_decision,
    list_attachments,
    list_co_authors,
    list_of_author,
    list_pictures,
    list_versions,
    list_waiting_for,
    relations_of,
)
from civic_budget.proposals.rules import SECTIONS, Gap, ProposalState, section_of, sections_begun
from civic_budget.proposals.service import Incomplete
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import OwnProposal, account, attempt, own_proposal, turn_back
from civic_budget.residency.queries import (
    district_of_person,
    identity_of,
    own_person,
    persons_of_account,
    standing_of,
)
from civic_budget.residency.rules import Standing
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language


@proposals.get("/my-proposals")
@access(Audience.RESIDENT)
def mine() -> ResponseReturnValue:
    """All proposals of this account: state, what happens next, what may be done and why not."""
    found = list_of_author(reading(), account())
    editions = {e: get_edition(reading(), e) for e in {p.edition_id for p in found}}
    current = find_current_edition(reading(), at=now())
    person_id = own_person(reading(), account())
    standing = standing_of(reading(), person_id, at=now()) if person_id else Standing.NONE
    phase = current.phase(now()) if current else Phase.PREPARATION
    may_start = policy.may_start(phase=phase, has_standing=standing is not Standing.NONE)
    return render_template(
        "proposals/mine.html",
        owned=[_own(facts, editions[facts.edition_id]) for facts in found],
        edition=current,
        opens=current.moment_of(Milestone.SUBMISSION_OPENS) if current else None,
        closes=current.moment_of(Milestone.SUBMISSION_CLOSES) if current else None,
        merges=list_waiting_for(reading(), account()),
        may_start=bool(may_start),
        why_not=say_reason(may_start.reason) if isinstance(may_start, Denied) else "",
        residence_needed=isinstance(may_start, Denied) and may_start.reason == "residence_needed",
        districts=district_names(reading()),
        **_words(),
    )


@proposals.route("/my-proposals/start", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def start() -> ResponseReturnValue:
    """Choose the district or the whole city, and begin."""
    edition = find_current_edition(reading(), at=now())
    if edition is None:
        abort(404)
    form = StartForm()
    _offer_persons(form)
    _offer_scopes(form, edition)
    if form.validate_on_submit():
        proposal_id = attempt(form, _start, form, edition.id)
        if proposal_id is not None:
            return redirect(url_for("proposals.section_about", proposal_id=proposal_id))
    return render_template(
        "proposals/start.html",
        form=form,
        edition=edition,
        pools={p.scope: p for p in edition.pools},
        has_wards=len(form.person.choices) > 1,
    )


def _offer_persons(form: StartForm) -> None:
    persons = persons_of_account(reading(), account())
    identities = {p: identity_of(reading(), p) for p in persons}
    form.person.choices = [
        SelectChoice(str(p), who.full_name if who else gettext("Me"))
        for p, who in identities.items()
    ]
    if form.person.data is None and persons:
        form.person.data = str(persons[0])


def _offer_scopes(form: StartForm, edition: EditionFacts) -> None:
    names = district_names(reading())
    known = {
        number
        for person in persons_of_account(reading(), account())
        if (number := district_of_person(reading(), person, at=now())) is not None
    }
    offered = [scope_of(number) for number in sorted(known)] + [CITY_WIDE]
    has_pool = {pool.scope for pool in edition.pools}
    form.scope.choices = [SelectChoice(s, say_scope(s, names)) for s in offered if s in has_pool]


def _start(form: StartForm, edition_id: UUID) -> UUID:
    person_id = UUID(form.person.data) if form.person.data else UUID(int=0)
    with writing() as work:
        return service.start_proposal(
            work,
            actor(),
            edition_id=edition_id,
            person_id=person_id,
            scope=form.scope.data,
            language=current_language(),
            at=now(),
        )


@proposals.get("/my-proposals/<uuid:proposal_id>")
@access(Audience.RESIDENT)
def tasks(proposal_id: UUID) -> ResponseReturnValue:
    """The task list of a draft or of a returned proposal: what is done, what is missing."""
    own = own_proposal(proposal_id)
    back = turn_back(own)
    if back is not None:
        return back
    is_returned = own.facts.state is ProposalState.RETURNED
    return render_template(
        "proposals/tasks.html",
        proposal=own.facts,
        edition=own.edition,
        sections=_section_states(own),
        extras=_extras(proposal_id),
        is_ready=not own.gaps(),
        asked=find_last_decision(reading(), proposal_id) if is_returned else None,
        closes=own.deadlines()["correction" if is_returned else "submission"],
        scope_name=say_scope(own.facts.scope, district_names(reading())),
        withdraw=own.offers()["withdraw"],
    )


def _extras(proposal_id: UUID) -> list[tuple[str, str, int]]:
    """Parts that nobody has to fill: their name, address, and how much is there."""
    pictures = [p for p in list_pictures(reading(), proposal_id) if p.step_id is None]
    counts = {
        "section_pictures": (gettext("Pictures"), len(pictures)),
        "section_attachments": (
            gettext("Attachments"),
            len(list_attachments(reading(), proposal_id)),
        ),
        "people": (
            gettext("Co-authors and names"),
            len(list_co_authors(reading(), proposal_id)),
        ),
    }
    return [
        (name, url_for(f"proposals.{page}", proposal_id=proposal_id), number)
        for page, (name, number) in counts.items()
    ]


def _section_states(own: OwnProposal) -> list[tuple[str, str]]:
    """Each section with its state: done, begun (something is missing) or empty."""
    facts = own.facts
    texts = {name: getattr(facts.original, name, "") for name in FIELD_NAMES}
    texts["place"] = facts.place
    begun = sections_begun(texts, category=facts.category, has_costs=bool(facts.costs))
    lacking = {section_of(gap.field) for gap in own.gaps()}
    states = []
    for section in SECTIONS:
        state = "begun" if section in lacking and section in begun else "empty"
        states.append((section, "done" if section not in lacking else state))
    return states


@proposals.route("/my-proposals/<uuid:proposal_id>/check", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def check(proposal_id: UUID) -> ResponseReturnValue:
    """Check the answers and send them; what is missing is told at its answer."""
    own = own_proposal(proposal_id)
    back = turn_back(own)
    if back is not None:
        return back
    form = EmptyForm()
    gaps: list[Gap] = []
    if form.validate_on_submit():
        try:
            with writing() as work:
                service.submit_proposal(work, actor(), proposal_id=proposal_id, at=now())
        except Incomplete as error:
            gaps = list(error.gaps)
        else:
            return redirect(url_for("proposals.submitted", proposal_id=proposal_id))
    asked, correction = _correction(own)
    return render_template(
        "proposals/check.html",
        own=own,
        asked=asked,
        correction=correction,
        proposal=own.facts,
        gaps={gap.field: say_gap(gap) for gap in gaps},
        section_of=section_of,
        field_names=FIELD_NAMES,
        categories=category_names(reading(), current_language()),
        scope_name=say_scope(own.facts.scope, district_names(reading())),
        is_returned=own.facts.state is ProposalState.RETURNED,
        form=form,
    )


def _correction(own: OwnProposal) -> tuple[DecisionFacts | None, Correction | None]:
    """What was asked of a returned proposal, and what its author has changed since."""
    if own.facts.state is not ProposalState.RETURNED:
        return None, None
    decision = find_last_decision(reading(), own.facts.id)
    versions = list_versions(reading(), own.facts.id)
    if decision is None or not versions:
        return decision, None
    return decision, match_correction(
        decision.asked,
        versions[-1].content,
        content_of(own.facts),
        documentation=gettext("documentation"),
    )


@proposals.get("/my-proposals/<uuid:proposal_id>/sent")
@access(Audience.RESIDENT)
def submitted(proposal_id: UUID) -> ResponseReturnValue:
    """It is sent: the reference, and what happens next by when."""
    own = own_proposal(proposal_id)
    if own.facts.reference is None:
        return redirect(url_for("proposals.tasks", proposal_id=proposal_id))
    return render_template(
        "proposals/sent.html", proposal=own.facts, deadlines=own.deadlines(), edition=own.edition
    )


@proposals.route("/my-proposals/<uuid:proposal_id>/withdraw", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def withdraw(proposal_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take the proposal back."""
    own = own_proposal(proposal_id)
    offer = own.offers()["withdraw"]
    if not offer.is_open:
        flash(offer.why_not, "warning")
        return redirect(url_for("proposals.mine"))
    form = EmptyForm()
    if form.validate_on_submit() and attempt(form, _withdraw, proposal_id):
        is_draft = own.facts.state is ProposalState.DRAFT
        flash(
            gettext("The draft is deleted.") if is_draft else gettext("The proposal is withdrawn."),
            "success",
        )
        return redirect(url_for("proposals.mine"))
    return render_template("proposals/withdraw.html", proposal=own.facts, form=form)


def _withdraw(proposal_id: UUID) -> bool:
    with writing() as work:
        service.withdraw_proposal(work, actor(), proposal_id=proposal_id, at=now())
    return True


@proposals.route("/my-proposals/<uuid:proposal_id>/polish", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def agree(proposal_id: UUID) -> ResponseReturnValue:
    """Read the approved Polish words beside one's own, and agree with them."""
    own = own_proposal(proposal_id)
    polish = own.facts.words.get("pl")
    if polish is None or not polish.is_reviewed or own.facts.language == "pl":
        abort(404)
    form = EmptyForm()
    if form.validate_on_submit() and attempt(form, _agree, proposal_id):
        flash(gettext("Thank you. The Polish text is marked as agreed with you."), "success")
        return redirect(url_for("proposals.mine"))
    return render_template(
        "proposals/agree.html",
        proposal=own.facts,
        polish=polish,
        form=form,
        field_names=FIELD_NAMES,
    )


def _agree(proposal_id: UUID) -> bool:
    with writing() as work:
        service.agree_with_translation(
            work, actor(), proposal_id=proposal_id, language="pl", at=now()
        )
    return True


def _own(facts: ProposalFacts, edition: EditionFacts) -> OwnProposal:
    return OwnProposal(facts, edition, relations_of(facts, edition, at=now()))


def _words() -> dict[str, object]:
    return {
        "state_names": STATE_NAMES,
        "state_kinds": STATE_KINDS,
        "section_names": SECTION_NAMES,
        "say_scope": say_scope,
        "say_next": say_next,
    }
