"""The platform's own ledger of seals: rows that the database refuses to change or to take twice."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic_budget.statistics.errors import AlreadySealed
from civic_budget.statistics.ledger import GENESIS, Sealed, from_json
from civic_budget.statistics.models import SealedTable


class DatabaseLedger:
    """Seals as rows of `sealed_table`; two workers at once: the constraint lets one of them through."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, sealed: Sealed) -> None:
        """Add a seal at the end; raises AlreadySealed when its key, or its predecessor, is taken."""
        position = self._session.scalar(select(func.coalesce(func.max(SealedTable.position), 0)))
        row = SealedTable(
            position=(position or 0) + 1,
            edition=sealed.edition,
            table_name=sealed.table,
            epoch=sealed.epoch,
            prev=sealed.prev,
            sha256=sealed.sha256,
            content=sealed.as_json(),
            sealed_at=sealed.sealed_at,
        )
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            raise AlreadySealed(f"{sealed.table} of {sealed.edition} is sealed already") from None

    def head(self) -> str:
        """The hash of the last seal, GENESIS when there is none."""
        last = select(SealedTable.sha256).order_by(SealedTable.position.desc()).limit(1)
        return self._session.scalar(last) or GENESIS

    def tables(self, edition: str | None = None) -> tuple[Sealed, ...]:
        """The seals of one edition, or all, oldest first."""
        wanted = select(SealedTable.content).order_by(SealedTable.position)
        if edition is not None:
            wanted = wanted.where(SealedTable.edition == edition)
        return tuple(from_json(content) for content in self._session.scalars(wanted))
