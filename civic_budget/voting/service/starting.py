"""Before a server or a worker starts: the secrets on this machine are those of the rounds that run.

With wrong ones it would recognise nobody and take votes that stop the opening. Told in words for whoever
operates the machine; a command at a terminal starts anyway, since it may be the one that mends it.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from civic_budget.config import BadSettings
from civic_budget.storage.db import Database
from civic_budget.voting.keys import RoundSecrets, SecretsRefused, same
from civic_budget.voting.models import EnvelopeRow, Round
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.service.preparing import secrets_of

NEEDING = (RoundStatus.READY, RoundStatus.SUSPENDED, RoundStatus.VERIFICATION)
LOOKED_AT = 20
OTHERS = (
    "{path} holds the secrets of another round, or of another setup of this one: this machine would "
    "recognise no voter and take votes that nobody can open. Put the file of the round there from the "
    "secret store."
)
SENTENCES = {
    "round_secrets_missing": (
        "{path} is not there or cannot be read, and without it this machine takes no vote. Copy the file "
        "from the secret store, with mode 0600, and look whether CIVIC_BUDGET_INSTANCE names the right "
        "folder. If the file is lost everywhere, the vote cannot go on: it must be annulled by act "
        "(flask --app wsgi voting annul) and repeated."
    ),
    "round_secrets_readable_by_others": (
        "{path} can be read by other users of this machine. Run: chmod 600 {path}, and ask who read it."
    ),
    "round_secrets_damaged": "{path} is damaged. Put the file of the round there from the secret store.",
    "round_secrets_of_another_round": OTHERS,
    "round_secrets_of_another_key": OTHERS,
}


def check_round_secrets(database: Database, folder: Path) -> None:
    """Refuse to start beside a running round without its secrets; writes nothing. Raises BadSettings.

    A database that is unreachable or has no tables yet passes: a process may start before it.
    """
    try:
        with database.reading() as session:
            running = select(Round).where(Round.status.in_([one.value for one in NEEDING]))
            faults = [
                fault for row in session.scalars(running) if (fault := _fault(session, row, folder))
            ]
    except (OperationalError, ProgrammingError):
        return
    finally:
        database.dispose()
    if faults:
        raise BadSettings(" ".join(faults))


def find_secrets_fault(session: Session, folder: Path, round_id: UUID) -> str | None:
    """What is wrong with a running round's secrets on this machine, in words; None when nothing is."""
    row = session.get_one(Round, round_id)
    return _fault(session, row, folder) if RoundStatus(row.status) in NEEDING else None


def _fault(session: Session, row: Round, folder: Path) -> str | None:
    path = folder / f"{row.id}.json"
    try:
        held = secrets_of(folder, row)
    except SecretsRefused as refusal:
        keys = refusal.details.get("keys")
        which = f" Other than when the vote was prepared: {keys}." if keys else ""
        return f"Vote {row.id} is under way. " + SENTENCES[refusal.code].format(path=path) + which
    if held.verify_key == row.verify_key and _knows_its_envelopes(session, held):
        return None
    return f"Vote {row.id} is under way. " + OTHERS.format(path=path)


def _knows_its_envelopes(session: Session, held: RoundSecrets) -> bool:
    """Whether envelopes in the box, if there are any, were taken with these secrets; one forged row is none."""
    some = session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel, EnvelopeRow.sealed, EnvelopeRow.mac)
        .where(EnvelopeRow.round_id == held.round_id)
        .limit(LOOKED_AT)
    ).all()
    return not some or any(same(e.mac, held.mac(e.tag, e.channel, e.sealed)) for e in some)
