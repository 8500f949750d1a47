"""A handful of cards that nothing can fill any more: two members let them be keyed, with a public reason."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.voting import commission_queries, service
from civic_budget.voting.commission_forms import ReasonForm
from civic_budget.voting.forms import ForgetForm
from civic_budget.voting.rules import JointKind
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.paper_batches import do_part
from civic_budget.voting.views.sitting import press, press_drop
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading


@voting.post("/office/paper/batches/<uuid:batch_id>/small/<any(propose, confirm, drop):step>")
@access(Audience.COMMISSION)
def small_batch(batch_id: UUID, step: str) -> ResponseReturnValue:
    """Two members let a small batch be keyed that nothing can fill any more; a proposal may be taken back."""
    if step == "drop":
        one = commission_queries.get_batch(reading(), batch_id)
        back = url_for("voting.batch", batch_id=batch_id)
        return press_drop(one.round_id, JointKind.SMALL_BATCH, str(batch_id), back)
    if step == "confirm":
        return press(
            ForgetForm(),
            lambda work: service.confirm_small_batch(work, actor(), batch_id=batch_id, at=now()),
            gettext("The batch is sealed by two members; the public protocol says so."),
            url_for("voting.batch", batch_id=batch_id),
        )
    form = ReasonForm()
    return do_part(
        batch_id,
        "small",
        form,
        lambda work: service.propose_small_batch(
            work, actor(), batch_id=batch_id, note=form.note.data or "", at=now()
        ),
        gettext("Proposed. A second member has to confirm it."),
    )
