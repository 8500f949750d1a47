"""The window between closing and opening, and complaints while voting is open: what two members decide.

Envelopes appear as the beginning of their tags with a case number, never with a name or a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import SelectChoice

from civic_budget.accounts.queries import staff_name_of
from civic_budget.residency.queries import find_last_case
from civic_budget.storage.db import Work
from civic_budget.voting import commission_queries, queries, service
from civic_budget.voting.commission_forms import (
    ReasonForm,
    ReturnForm,
    SampledForm,
    SampleForm,
    TagForm,
)
from civic_budget.voting.commission_labels import SAMPLE_RESULTS, SIGNAL_NAMES
from civic_budget.voting.forms import VoidForm
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.labels import CHANNEL_NAMES, FINDING_NAMES, VOID_REASONS
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import JointKind, RoundStatus, SampleResult, VoidReason
from civic_budget.voting.service import Finding, FindingKind, Signal
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.claims import waiting_claims
from civic_budget.voting.views.sitting import (
    do,
    find_secrets,
    get_present_round,
    press,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading
from civic_budget.web.forms import Form
from civic_budget.web.words import say_number

WINDOW = "voting.window"
SHOWN_CASES = 8
_TAMPERED = (FindingKind.FORMER_PLACE, FindingKind.LATER_PLACE)


@voting.get("/office/round/check")
@access(Audience.COMMISSION)
def window() -> ResponseReturnValue:
    """Everything that waits for a decision before the opening."""
    return show_window()


def show_window(**forms: Form) -> str:
    """The page, with forms that came back refused."""
    found = get_present_round()
    secrets = find_secrets(found)
    is_checked = found.status is RoundStatus.VERIFICATION
    behind = service.people_behind(reading(), secrets) if secrets else {}
    compared = service.compare_with_lists(reading(), found.id)
    return render_template(
        "voting/office/window.html",
        round=found,
        is_checked=is_checked,
        may_return=found.status in service.RETURNABLE,
        secrets_missing=secrets is None,
        findings=_findings(found, secrets) if secrets and is_checked else (),
        waiting=_waiting(found, behind) if is_checked else (),
        voids=_voids(found, behind, secrets),
        signals=_signals(secrets, behind) if secrets else (),
        returns=_returns(found),
        returned=_returned(found, frozenset(compared.added), secrets)
        if secrets and is_checked
        else None,
        compared=compared,
        claims=waiting_claims(),
        loss=commission_queries.find_loss(reading(), found.id),
        lost_returned=service.count_lost_returned(reading(), found.id),
        strange=service.strange_hashes(reading(), secrets) if secrets else (),
        missing_wish=commission_queries.list_proposed(reading(), found.id, JointKind.MISSING),
        draw=service.find_draw(reading(), found.id),
        sample=_sample(secrets) if secrets else (),
        sample_results=SAMPLE_RESULTS,
        me=actor().account_id,
        staff_name=lambda account_id: staff_name_of(reading(), account_id),
        forms={
            "missing": ReasonForm(formdata=None),
            "return": ReturnForm(formdata=None),
            "sample": SampleForm(formdata=None),
            **forms,
        },
        form=next(iter(forms.values()), None),
    )


def _findings(this_round: RoundFacts, secrets: RoundSecrets) -> list[dict[str, object]]:
    found = service.list_findings(reading(), secrets=secrets, at=now())
    proposed = {one.tag for one in queries.list_waiting_voids(reading(), this_round.id)}
    return [_finding_shown(finding, proposed) for finding in found]


def _finding_shown(finding: Finding, proposed: set[bytes]) -> dict[str, object]:
    return {
        "tag": finding.tag.hex(),
        "short": finding.tag.hex()[:8],
        "why": FINDING_NAMES[finding.kind.value],
        "channel": CHANNEL_NAMES[finding.channel],
        "reference": _reference(finding.person_id),
        "suggested": finding.suggested.value,
        "is_tampered": finding.kind in _TAMPERED,
        "may_go": finding.kind is not FindingKind.LATER_PLACE,
        "is_proposed": finding.tag in proposed,
        "reasons": {
            reason.value: VOID_REASONS[reason] for reason in service.reasons_for(finding.channel)
        },
    }


def _waiting(found: RoundFacts, behind: dict[bytes, UUID]) -> list[dict[str, object]]:
    return [
        {
            "tag": one.tag.hex(),
            "reason": VOID_REASONS[VoidReason(one.reason)],
            "reference": _reference(behind.get(one.tag)),
            "is_mine": one.first_by == actor().account_id,
        }
        for one in queries.list_waiting_voids(reading(), found.id)
    ]


def _voids(
    found: RoundFacts, behind: dict[bytes, UUID], secrets: RoundSecrets | None
) -> list[dict[str, object]]:
    since = service.list_confirmed_since(reading(), secrets=secrets, at=now()) if secrets else ()
    answers = {
        wish.subject: wish
        for wish in commission_queries.list_proposed(reading(), found.id, JointKind.OBJECTION)
    }
    return [
        {
            "tag": one.tag.hex(),
            "reason": VOID_REASONS[VoidReason(one.reason)] if one.reason else "–",
            "is_confirmed_since": one.tag in since,
            "reference": _reference(behind.get(one.tag)),
            "until": one.object_until,
            "objection": one.objection,
            "answer": one.answer,
            "wish": answers.get(one.tag.hex()),
            "has_card": one.has_card,
        }
        for one in commission_queries.list_voids(reading(), found.id)
    ]


def _signals(secrets: RoundSecrets, behind: dict[bytes, UUID]) -> list[list[object]]:
    found = service.list_signals(reading(), secrets=secrets, at=now())
    return [
        [SIGNAL_NAMES[one.kind.value], one.where, say_number(one.number), _cases(one, behind)]
        for one in found
    ]


def _cases(signal: Signal, behind: dict[bytes, UUID]) -> str:
    shown = [_reference(behind.get(tag)) for tag in signal.tags[:SHOWN_CASES]]
    more = "…" if len(signal.tags) > SHOWN_CASES else ""
    return ", ".join(one for one in shown if one) + more


def _returns(found: RoundFacts) -> list[dict[str, object]]:
    return [
        {
            "person": wish.subject,
            "reference": _reference(UUID(wish.subject)),
            "note": wish.note,
            "is_mine": wish.first_by == actor().account_id,
        }
        for wish in commission_queries.list_proposed(reading(), found.id, JointKind.RETURN)
    ]


def _returned(
    found: RoundFacts, added: frozenset[bytes], secrets: RoundSecrets
) -> dict[str, object] | None:
    """Votes given back: how many, whether one may still come, whether the list waits to be sealed anew."""
    number = queries.count_returns(reading(), found.id)
    if not number:
        return None
    return {
        "number": number,
        "waits": service.waits_for_returned(reading(), found.id, at=now()),
        "to_seal": bool(added) and added <= service.returned_hashes(reading(), secrets),
    }


def _sample(secrets: RoundSecrets) -> list[dict[str, object]]:
    return [
        {
            "tag": one.tag.hex(),
            "channel": CHANNEL_NAMES[one.channel],
            "reference": _reference(one.person_id),
            "result": SAMPLE_RESULTS[one.result] if one.result else "",
        }
        for one in service.list_sample(reading(), secrets)
    ]


def _reference(person_id: UUID | None) -> str:
    case = find_last_case(reading(), person_id) if person_id else None
    return (case.reference or "") if case else ""


def _tag(form: TagForm | VoidForm | SampledForm) -> bytes | None:
    text = form.tag.data or ""
    is_hex = len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
    return bytes.fromhex(text) if is_hex else None


@voting.post("/office/round/void/propose")
@access(Audience.COMMISSION)
def propose_void() -> ResponseReturnValue:
    """One member proposes to take an envelope out, unopened."""
    found, form = get_present_round(), VoidForm()
    form.reason.choices = [
        SelectChoice(reason.value, str(name)) for reason, name in VOID_REASONS.items()
    ]
    tag = _tag(form)
    if tag is None or form.reason.data not in {reason.value for reason in VOID_REASONS}:
        return redirect(url_for(WINDOW))
    reason = VoidReason(form.reason.data)
    return press(
        form,
        lambda work: service.propose_void(
            work, actor(), round_id=found.id, tag=tag, reason=reason, at=now()
        ),
        gettext("Proposed. A second member has to confirm it."),
        url_for(WINDOW),
    )


@voting.post("/office/round/void/<any(confirm, drop):step>")
@access(Audience.COMMISSION)
def void(step: str) -> ResponseReturnValue:
    """A second member confirms a void, or somebody takes the proposal back."""
    found, form = get_present_round(), TagForm()
    tag, secrets = _tag(form), find_secrets(found)
    if tag is None or secrets is None:
        return redirect(url_for(WINDOW))
    if step == "drop":
        return press(
            form,
            lambda work: service.drop_void_proposal(work, actor(), round_id=found.id, tag=tag),
            gettext("The proposal is taken back."),
            url_for(WINDOW),
        )
    return press(
        form,
        lambda work: service.confirm_void(
            work, actor(), round_id=found.id, tag=tag, secrets=secrets, at=now()
        ),
        gettext("The envelope is out, unopened. The person will be told and may object."),
        url_for(WINDOW),
    )


@voting.post("/office/round/objection/<any(propose, confirm, drop):step>")
@access(Audience.COMMISSION)
def answer_objection(step: str) -> ResponseReturnValue:
    """Two members answer an objection, or a later confirmation: the envelope goes back, or stays out.

    A proposed answer may be taken back: the other one may be the right one since.
    """
    found, form = get_present_round(), TagForm()
    tag = _tag(form)
    secrets = find_secrets(found)
    if tag is None or secrets is None:
        return redirect(url_for(WINDOW))
    if step == "confirm":
        return press(
            form,
            lambda work: service.confirm_answer(
                work, actor(), round_id=found.id, secrets=secrets, tag=tag, at=now()
            ),
            gettext("The objection is answered."),
            url_for(WINDOW),
        )
    if step == "drop":
        return press(
            form,
            lambda work: service.drop_proposal(
                work, actor(), round_id=found.id, kind=JointKind.OBJECTION, subject=tag.hex()
            ),
            gettext("The proposal is taken back."),
            url_for(WINDOW),
        )
    return press(
        form,
        lambda work: _propose_answer(work, found.id, secrets, tag, str(form.answer.data)),
        gettext("Proposed. A second member has to confirm it."),
        url_for(WINDOW),
    )


def _propose_answer(
    work: Work, round_id: UUID, secrets: RoundSecrets, tag: bytes, answer: str
) -> None:
    """Back in, or to stay out; without an objection where the person was confirmed since."""
    if answer == "confirmed":
        service.propose_put_back(
            work, actor(), round_id=round_id, secrets=secrets, tag=tag, at=now()
        )
        return
    is_restored = answer == "restored"
    service.propose_answer(
        work, actor(), round_id=round_id, tag=tag, is_restored=is_restored, at=now()
    )


@voting.post("/office/round/sample")
@access(Audience.COMMISSION)
def draw_sample() -> ResponseReturnValue:
    """Enter the public seed; the voters to be met follow from it and from the sealed root."""
    found, form = get_present_round(), SampleForm()
    done = do(
        form,
        lambda work: service.draw_sample(
            work,
            actor(),
            round_id=found.id,
            number=form.number.data or 0,
            seed=form.seed.data or "",
            source=form.source.data or "",
            at=now(),
        ),
        gettext("The sample is drawn."),
    )
    return redirect(url_for(WINDOW)) if done else show_window(sample=form)


@voting.post("/office/round/sample/result")
@access(Audience.COMMISSION)
def note_sampled() -> ResponseReturnValue:
    """What a voter of the sample said in person."""
    found, form = get_present_round(), SampledForm()
    tag, secrets = _tag(form), find_secrets(found)
    known: Sequence[str] = [result.value for result in SampleResult]
    if tag is None or secrets is None or form.result.data not in known:
        return redirect(url_for(WINDOW))
    result = SampleResult(form.result.data)
    return press(
        form,
        lambda work: service.note_sampled(work, actor(), secrets=secrets, tag=tag, result=result),
        gettext("Noted."),
        url_for(WINDOW),
    )
