"""A mistyped number of invalid cards is set right, before the batch is signed off."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.queries import staff_name_of
from civic_budget.kernel.errors import NotFound
from civic_budget.voting import service
from civic_budget.voting.commission_forms import CorrectForm
from civic_budget.voting.commission_labels import INVALID_REASONS
from civic_budget.voting.commission_queries import BatchFacts, get_batch
from civic_budget.voting.rules import InvalidReason, Part
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import scope_name
from civic_budget.voting.views.paper_office import point_name
from civic_budget.voting.views.sitting import do
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading
from civic_budget.web.words import say_moment, say_number


@voting.route("/office/paper/batches/<uuid:batch_id>/invalid/<reason>", methods=["GET", "POST"])
@access(Audience.CLERK)
def correct_invalid(batch_id: UUID, reason: str) -> ResponseReturnValue:
    """One reason's count: what stands, and the right number in its place."""
    if reason not in set(InvalidReason):
        raise NotFound("no_such_reason")
    form, kind = CorrectForm(), InvalidReason(reason)
    seen = form.was.data or ""
    done = do(
        form,
        lambda work: service.correct_invalid(
            work,
            actor(),
            batch_id=batch_id,
            reason=kind,
            was=int(seen) if seen.isdecimal() else 0,
            number=form.number.data or 0,
            at=now(),
        ),
        gettext("The count is corrected. Both numbers stay to be seen."),
    )
    batch = get_batch(reading(), batch_id)
    stands = dict(batch.invalids).get(reason, 0)
    if done or batch.is_closed or not (stands or form.errors):
        return redirect(url_for("voting.batch", batch_id=batch_id))
    form.was.data = str(stands)
    return render_template(
        "voting/office/correct.html",
        form=form,
        batch=batch,
        place=f"{point_name(batch)}, {scope_name(batch.scope)}",
        reason=INVALID_REASONS[kind],
        stands=stands,
        corrections=correction_rows(batch),
    )


def list_correctable(batch: BatchFacts, my_part: str | None) -> Sequence[tuple[str, str]]:
    """Counts that this clerk may set right, by reason: who keys the cards, until the batch is signed."""
    if batch.is_closed or my_part not in {None, Part.KEYING.value}:
        return []
    return [(reason, str(INVALID_REASONS[InvalidReason(reason)])) for reason, _ in batch.invalids]


def correction_rows(batch: BatchFacts) -> Sequence[Sequence[str]]:
    """What was corrected in a batch, the first first: reason, before, after, who and when."""
    return [
        [
            str(INVALID_REASONS[InvalidReason(one.reason)]),
            say_number(one.was),
            say_number(one.became),
            staff_name_of(reading(), one.by) if one.by else "–",
            say_moment(one.at),
        ]
        for one in batch.corrections
    ]
