"""Taking a street list over from a file, whole or not at all: at once, or looked at before.

Addresses that people have given are never touched: they keep their words and their district, also when
their street is removed or its stretches change. Only who writes an address anew meets the new list.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic_budget.city import policy
from civic_budget.city.addresses import fold_street
from civic_budget.city.events import StreetsImported
from civic_budget.city.models import District, Street, StreetUpload
from civic_budget.city.queries import get_upload, list_districts, list_streets
from civic_budget.city.service import add_street
from civic_budget.city.street_changes import StreetPlan, compare, fingerprint
from civic_budget.city.street_list import read_street_list
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

LARGEST_FILE = 2 * 1024 * 1024
KEEP_UPLOAD = timedelta(days=1)


def plan_import(session: Session, content: bytes, *, only_these: bool) -> StreetPlan:
    """What a file would change, line by line; nothing is written.

    `only_these`: streets that the file does not name are removed.
    """
    districts = {row.number for row in list_districts(session)}
    found = read_street_list(content, districts=districts)
    return compare(list_streets(session), found, only_these=only_these)


def import_streets(
    work: Work,
    actor: Actor,
    *,
    content: bytes,
    only_these: bool = False,
    at: datetime,
) -> StreetPlan:
    """Take a street list over: streets in the file are replaced, others stay unless `only_these`.

    With a single bad line nothing is written and the returned plan says why, line by line.
    """
    require(policy.may_keep_lists(actor))
    _lock_list(work)
    plan = plan_import(work.session, content, only_these=only_these)
    if not plan.problems:
        _carry_out(work, actor, plan, at=at)
    return plan


def hold_upload(
    work: Work, actor: Actor, *, content: bytes, only_these: bool, at: datetime
) -> UUID:
    """Keep a file until its keeper has looked at what it would change; returns the upload's id.

    An earlier one of the same keeper goes, as does any that is older than a day. Raises Conflict
    `no_file`, `file_too_large` at `file`.
    """
    require(policy.may_keep_lists(actor))
    if not content:
        raise Conflict("no_file", field="file")
    if len(content) > LARGEST_FILE:
        raise Conflict("file_too_large", field="file")
    work.session.execute(
        delete(StreetUpload).where(
            (StreetUpload.uploaded_by == actor.account_id)
            | (StreetUpload.uploaded_at < at - KEEP_UPLOAD)
        )
    )
    upload = StreetUpload(
        id=uuid4(),
        content=content,
        only_these=only_these,
        uploaded_at=at,
        uploaded_by=actor.account_id,
    )
    work.session.add(upload)
    return upload.id


def apply_upload(
    work: Work, actor: Actor, *, upload_id: UUID, seen: str, at: datetime
) -> StreetPlan:
    """Take over a file that was looked at. `seen`: the mark of the list that it was compared with.

    Raises NotFound, Conflict `wrong_lines` when a line is wrong, `list_changed` when the list in use is
    no longer the one that was shown.
    """
    require(policy.may_keep_lists(actor))
    _lock_list(work)
    upload = get_upload(work.session, upload_id, account_id=actor.account_id)
    if fingerprint(list_streets(work.session)) != seen:
        raise Conflict("list_changed")
    plan = plan_import(work.session, upload.content, only_these=upload.only_these)
    if plan.problems:
        raise Conflict("wrong_lines")
    _carry_out(work, actor, plan, at=at)
    work.session.delete(upload)
    return plan


def discard_upload(work: Work, actor: Actor, *, upload_id: UUID) -> None:
    """Throw a file away that was only looked at; raises NotFound."""
    require(policy.may_keep_lists(actor))
    work.session.delete(get_upload(work.session, upload_id, account_id=actor.account_id))


def _lock_list(work: Work) -> None:
    # Two who take lists over at once do it one after the other; addresses can be given meanwhile.
    work.session.execute(
        select(District.number).order_by(District.number).with_for_update(key_share=True)
    )


def _carry_out(work: Work, actor: Actor, plan: StreetPlan, *, at: datetime) -> None:
    outdated = {fold_street(street.name) for street in (*plan.changed, *plan.removed)}
    for row in work.session.scalars(select(Street)):
        if row.search in outdated:
            work.session.delete(row)
    work.session.flush()
    for street in (*plan.added, *plan.changed):
        add_street(work, name=street.name, stretches=street.stretches, is_place=street.is_place)
    work.session.flush()
    work.publish(
        StreetsImported(
            added=len(plan.added),
            changed=len(plan.changed),
            removed=len(plan.removed),
            at=at,
            by=actor.account_id,
        )
    )
