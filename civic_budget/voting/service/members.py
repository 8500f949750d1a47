"""Change the commission of a round: two of its members, and new key files for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting import keyfiles
from civic_budget.voting.events import MembersChanged
from civic_budget.voting.models import RoundIncident, RoundMember
from civic_budget.voting.rules import JointKind, RoundStatus
from civic_budget.voting.service.access import (
    lock_round,
    require_member,
    require_reason,
    require_status,
)
from civic_budget.voting.service.jointly import confirm_jointly, propose_jointly
from civic_budget.voting.service.preparing import add_members
from civic_budget.voting.service.unsealing import require_present_files

_CHANGEABLE = (RoundStatus.READY, RoundStatus.SUSPENDED, RoundStatus.VERIFICATION)
PENDING = "next"


def propose_members(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    members: Sequence[UUID],
    threshold: int,
    note: str,
    at: datetime,
) -> None:
    """One member names the commission as it shall be; `note` says why, in the public protocol."""
    require_status(lock_round(work, round_id), *_CHANGEABLE, code="members_fixed")
    if len(set(members)) != len(members) or not 1 <= threshold <= len(members) <= 9:
        raise Conflict("members_missing", field="members")
    require_reason(note)
    propose_jointly(
        work,
        actor,
        round_id=round_id,
        kind=JointKind.MEMBERS,
        subject=PENDING,
        data={"members": [str(member) for member in members], "threshold": threshold},
        note=note,
        at=at,
    )


def confirm_members(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    held: Sequence[tuple[bytes, str]],
    passphrases: Sequence[str],
    scrypt_cost: int = keyfiles.SCRYPT_COST,
    at: datetime,
) -> tuple[Sequence[UUID], tuple[bytes, ...]]:
    """A second member confirms with key files that open: new files for all, the old ones are refused.

    Returns the members by number and their key files, which exist nowhere else. The private key is the
    same: the protocol asks that the old files be destroyed.
    """
    row = lock_round(work, round_id)
    require_member(work, actor, round_id)
    require_status(row, *_CHANGEABLE, code="members_fixed")
    private = keyfiles.open_key_files(held, round_id=round_id, public_key=row.public_key)
    require_present_files(work.session, round_id, held)
    decided = confirm_jointly(
        work, actor, round_id=round_id, kind=JointKind.MEMBERS, subject=PENDING, at=at
    )
    members = [UUID(member) for member in decided.data["members"]]
    if len(passphrases) != len(members):
        raise Conflict("one_passphrase_each", field="members")
    threshold = int(decided.data["threshold"])
    files = keyfiles.write_key_files(
        private,
        round_id=round_id,
        public_key=row.public_key,
        passphrases=passphrases,
        threshold=threshold,
        cost=scrypt_cost,
    )
    work.session.execute(delete(RoundMember).where(RoundMember.round_id == round_id))
    add_members(work, round_id, members, files)
    row.threshold = threshold
    decided.subject = at.isoformat()  # there may be a next change
    work.session.add(
        RoundIncident(
            round_id=round_id, kind="members", note=decided.note, by=actor.account_id, at=at
        )
    )
    work.publish(MembersChanged(round_id=round_id, at=at, by=actor.account_id))
    return members, files
