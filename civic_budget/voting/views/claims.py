"""Claims about votes, and what protects a vote and what does not.

The pages of a claim about a line need no cookie and carry no name; the reference is the only key to
its answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civic_budget.accounts.unwritten_tries import UnwrittenTries
from civic_budget.editions.queries import EditionFacts, get_current_edition, get_edition_by_slug
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.residency.queries import (
    ActsFor,
    find_case_by_reference,
    find_last_case,
    identity_of,
    persons_acting_for,
)
from civic_budget.residency.queries.complaints import get_complaint
from civic_budget.voting import claim_queries, queries, service
from civic_budget.voting.claim_forms import (
    AnswerForm,
    LineClaimForm,
    ReferenceForm,
    VoteClaimForm,
)
from civic_budget.voting.claim_labels import CLAIM_KINDS, CLAIM_STATES, say_claim_refusal
from civic_budget.voting.claim_rules import (
    ClaimAction,
    ClaimKind,
    board_public_at,
    claims_close,
    may_claim,
)
from civic_budget.voting.codes import SERIAL_LENGTH, in_fours, read_code
from civic_budget.voting.commission_queries import find_loss
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.board import numbered_round
from civic_budget.voting.views.booth import find_round
from civic_budget.voting.views.sitting import find_present_round, find_secrets
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import anonymous
from civic_budget.web.locale import OWN_NAMES
from civic_budget.web.pages import Waiting
from civic_budget.web.words import say_day

CLAIMS_AN_HOUR = 20


@voting.get("/vote/secrecy")
@access(Audience.PUBLIC)
def secrecy() -> str:
    """How a vote stays secret, and what that does not protect from."""
    return render_template("voting/secrecy.html")


@voting.route("/editions/<slug>/board/claim", methods=["GET", "POST"])
@voting.route("/editions/<slug>/board/<int:number>/claim", methods=["GET", "POST"])
@access(Audience.PUBLIC)
@anonymous
def claim_line(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Claim that a line of the board is missing or wrong; sent without a token, kept without a name.

    `number` names the board as on its page, where lists were voted on again.
    """
    edition = get_edition_by_slug(reading(), slug)
    found = numbered_round(edition, number)
    if found is None:
        abort(404)
    form = LineClaimForm()
    reference = ""
    if form.validate_on_submit():
        try:
            _count_claim()
            with writing() as work:
                reference = service.file_line_claim(
                    work, round_id=found.id, claim=_line_claim(form), at=now()
                )
        except DomainError as error:
            form.refuse(error, say_claim_refusal(error))
    return _show_claim(edition, found, form, reference, number)


def _line_claim(form: LineClaimForm) -> service.LineClaim:
    return service.LineClaim(
        ClaimKind(form.kind.data),
        form.code.data or "",
        form.signature.data or "",
        form.words.data or "",
    )


def _show_claim(
    edition: EditionFacts,
    found: RoundFacts,
    form: LineClaimForm,
    reference: str,
    number: int | None,
) -> str:
    published_at = _published_at(edition, found)
    decision = may_claim(
        ClaimKind.MISSING, opens_at=found.opens_at, published_at=published_at, at=now()
    )
    denied = decision.reason if isinstance(decision, Denied) else ""
    return render_template(
        "voting/claim_line.html",
        edition=edition,
        form=form,
        number=number,
        reference=in_fours(reference),
        refusal=say_claim_refusal(DomainError(denied)) if denied else "",
        published_at=published_at,
        closes_at=claims_close(published_at) if published_at else None,
    )


def _published_at(edition: EditionFacts, found: RoundFacts) -> datetime | None:
    """When the board of a round is public, from which the time for claims is counted."""
    return board_public_at(
        edition.moment_of(Milestone.RESULTS_PUBLISHED),
        closes_at=found.closes_at,
        opened_at=found.opened_at,
    )


@voting.route("/claims", methods=["GET", "POST"])
@access(Audience.PUBLIC)
@anonymous
def find_claim() -> str:
    """Read the answer to a claim by its reference; nothing else leads to it."""
    form, found = ReferenceForm(), None
    if form.validate_on_submit():
        try:
            reference = read_code(form.reference.data or "", SERIAL_LENGTH)
            _count_claim()
            found = claim_queries.find_claim(reading(), reference)
        except ValueError:
            found = _of_complaint(form)
        except DomainError as error:
            form.refuse(error, say_claim_refusal(error))
    return render_template(
        "voting/claim_state.html",
        form=form,
        asked=request.method == "POST" and not form.errors,
        claim=found,
        kinds=CLAIM_KINDS,
        states=CLAIM_STATES,
    )


def _of_complaint(form: ReferenceForm) -> claim_queries.ClaimFacts | None:
    """The claim that a complaint became. Its number is short and is said on the telephone: no answer by it."""
    try:
        _count_claim()
    except DomainError as error:
        form.refuse(error, say_claim_refusal(error))
        return None
    found = claim_queries.find_claim_of_complaint(reading(), form.reference.data or "")
    return replace(found, answer=None) if found else None


def _count_claim() -> None:
    """Claims from one connection an hour: enough for a family, too few for a flood.

    Nothing of it is written: a stored count could be matched with an address, and the claim beside it shows
    a ballot.
    """
    tries = current_app.extensions.setdefault("line-claims", UnwrittenTries(CLAIMS_AN_HOUR))
    tries.count(request.remote_addr or "", at=now())


@voting.route("/vote/not-mine", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def claim_vote() -> ResponseReturnValue:
    """Claim that somebody else voted in one's own, or a child's, name."""
    found = find_round()
    if found is None:
        return redirect(url_for("voting.start"))
    edition, this_round = found
    form = VoteClaimForm()
    people, published_at = _people(), _published_at(edition, this_round)
    reference = ""
    if form.validate_on_submit():
        try:
            person_id = _chosen(form.person.data, [one["id"] for one in people])
            with writing() as work:
                reference = service.file_vote_claim(
                    work,
                    actor(),
                    round_id=this_round.id,
                    person_id=person_id,
                    words=form.words.data or "",
                    kind=_kind_of(this_round, person_id),
                    at=now(),
                )
        except DomainError as error:
            form.refuse(error, say_claim_refusal(error))
    return render_template(
        "voting/claim_vote.html",
        loss=find_loss(reading(), this_round.id),
        edition=edition,
        round=this_round,
        form=form,
        people=people,
        reference=in_fours(reference),
        closes_at=claims_close(published_at) if published_at else None,
    )


def _kind_of(found: RoundFacts, person_id: UUID) -> ClaimKind:
    """What a person without a vote in the box claims where envelopes are gone: that theirs was lost."""
    secrets = find_secrets(found)
    if secrets is None or find_loss(reading(), found.id) is None:
        return ClaimKind.NOT_MY_VOTE
    is_there = service.has_voted(reading(), secrets, person_id)
    return ClaimKind.NOT_MY_VOTE if is_there else ClaimKind.LOST_VOTE


def _people() -> list[dict[str, str]]:
    """Whom this account may speak for; a name only for others than its holder."""
    session = reading()

    def name(acting: ActsFor) -> str:
        is_own = acting.relation == "holder"
        identity = None if is_own else identity_of(session, acting.person_id)
        return identity.given_names if identity else ""

    return [
        {"id": str(one.person_id), "name": name(one)}
        for one in persons_acting_for(session, current_user.account_id, at=now())
    ]


def _chosen(said: str | None, offered: list[str]) -> UUID:
    if said not in offered:
        raise DomainError("not_your_person")
    return UUID(said)


@voting.get("/office/round/claims")
@access(Audience.COMMISSION)
def office_claims() -> str:
    """All claims of the present round, the most urgent first."""
    found = find_present_round()
    return render_template(
        "voting/office/claims.html",
        edition=get_current_edition(reading(), at=now()),
        claims=claim_queries.list_claims(reading(), found.id) if found else (),
        at=now(),
        kinds=CLAIM_KINDS,
        states=CLAIM_STATES,
    )


def waiting_claims() -> Waiting | None:
    """How many claims are not answered yet and by when the first is due."""
    found = find_present_round()
    if found is None:
        return None
    claims = claim_queries.list_claims(reading(), found.id)
    open_claims = [claim for claim in claims if claim.answered_at is None]
    return Waiting(len(open_claims), open_claims[0].due_at if open_claims else None)


@voting.route("/office/round/claims/<uuid:claim_id>", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def office_claim(claim_id: UUID) -> ResponseReturnValue:
    """One claim with what was checked at once, and the answer."""
    claim = claim_queries.get_claim(reading(), claim_id)
    complaint = get_complaint(reading(), claim.complaint_id) if claim.complaint_id else None
    case = find_last_case(reading(), claim.person_id) if claim.person_id else None
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            person_id = _visitor_of(claim, form)
            with writing() as work:
                service.answer_claim(
                    work,
                    actor(),
                    claim_id=claim_id,
                    action=ClaimAction(form.action.data),
                    answer=form.answer.data or "",
                    person_id=person_id,
                    at=now(),
                )
            return redirect(url_for("voting.office_claims"))
        except DomainError as error:
            form.refuse(error, say_claim_refusal(error))
    return render_template(
        "voting/office/claim.html",
        claim=claim,
        words=complaint.words if complaint else claim_queries.read_claim_words(reading(), claim_id),
        complaint=complaint,
        born_on=say_day(date.fromisoformat(complaint.born_on))
        if complaint and complaint.born_on
        else "",
        language=OWN_NAMES.get(complaint.language, "") if complaint else "",
        case=case,
        voids=sum(queries.count_voids(reading(), claim.round_id).values()),
        code=in_fours(claim.code or ""),
        form=form,
        may_return=queries.get_round(reading(), claim.round_id).status in service.RETURNABLE,
        kinds=CLAIM_KINDS,
        states=CLAIM_STATES,
    )


def _visitor_of(claim: claim_queries.ClaimFacts, form: AnswerForm) -> UUID | None:
    """The record that a member named for a visitor's claim; raises DomainError at `case`."""
    typed = (form.case.data or "").strip()
    if claim.person_id is not None or not typed:
        return None
    case = find_case_by_reference(reading(), typed.upper())
    if case is None:
        raise Conflict("no_such_person", field="case")
    return case.person_id
