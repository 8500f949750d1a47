"""Votes given back, and envelopes gone after a restore: what two members decide on the window's page."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.storage.db import Work
from civic_budget.voting import service
from civic_budget.voting.commission_forms import ReasonForm, ReturnForm
from civic_budget.voting.forms import ForgetForm
from civic_budget.voting.rules import JointKind
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.sitting import (
    do,
    find_secrets,
    get_case_of,
    get_present_round,
    press,
    press_drop,
)
from civic_budget.voting.views.window import WINDOW, show_window
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now


@voting.post("/office/round/return")
@access(Audience.COMMISSION)
def propose_return() -> ResponseReturnValue:
    """One member wishes to give a vote back to a person in whose name somebody else voted."""
    found, form = get_present_round(), ReturnForm()

    def deed(work: Work) -> None:
        case = get_case_of(form.reference.data or "", field="reference")
        service.propose_return(
            work,
            actor(),
            round_id=found.id,
            person_id=case.person_id,
            note=form.note.data or "",
            at=now(),
        )

    if do(form, deed, gettext("Proposed. A second member has to confirm it.")):
        return redirect(url_for(WINDOW))
    return show_window(**{"return": form})


@voting.post("/office/round/return/<uuid:person_id>/<any(confirm, drop):step>")
@access(Audience.COMMISSION)
def decide_return(person_id: UUID, step: str) -> ResponseReturnValue:
    """A second member gives the vote back: the envelope is out, the person votes anew. Or it is dropped."""
    found = get_present_round()
    secrets = find_secrets(found)
    if secrets is None:
        return redirect(url_for(WINDOW))
    if step == "drop":
        return press_drop(found.id, JointKind.RETURN, str(person_id), url_for(WINDOW))
    return press(
        ForgetForm(),
        lambda work: service.confirm_return(
            work,
            actor(),
            round_id=found.id,
            secrets=secrets,
            person_id=person_id,
            at=now(),
        ),
        gettext("The vote is given back. The person is told, and can vote again or object."),
        url_for(WINDOW),
    )


@voting.post("/office/round/returned/seal")
@access(Audience.COMMISSION)
def seal_returned() -> ResponseReturnValue:
    """Seal the list anew with the votes that were given back, before any key is used."""
    found = get_present_round()
    secrets = find_secrets(found)
    if secrets is None:
        return redirect(url_for(WINDOW))
    return press(
        ForgetForm(),
        lambda work: service.seal_returned(
            work, actor(), round_id=found.id, secrets=secrets, at=now()
        ),
        gettext("The list is sealed anew. It is public."),
        url_for(WINDOW),
    )


@voting.post("/office/round/missing/<any(propose, confirm):step>")
@access(Audience.COMMISSION)
def missing(step: str) -> ResponseReturnValue:
    """Two members accept that envelopes of an earlier list are gone, as after a restored backup."""
    found = get_present_round()
    if step == "confirm":
        return press(
            ForgetForm(),
            lambda work: service.confirm_missing(work, actor(), round_id=found.id, at=now()),
            gettext("The loss is acknowledged and stands in the public protocol."),
            url_for(WINDOW),
        )
    form = ReasonForm()
    done = do(
        form,
        lambda work: service.propose_missing(
            work, actor(), round_id=found.id, note=form.note.data or "", at=now()
        ),
        gettext("Proposed. A second member has to confirm it."),
    )
    return redirect(url_for(WINDOW)) if done else show_window(missing=form)
