"""Deeds of statistics: draw and seal an edition's tables, bring a release back, take one in, answer.

Never a second draw: a release stands complete in the archive outside the database before the
database hears of it; whatever is lost afterwards is brought back from there.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select, text

from civic_budget.editions.queries import EditionFacts, get_edition, list_editions
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Denied, require
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import citizenship
from civic_budget.statistics import files
from civic_budget.statistics.archive import ReleaseArchive
from civic_budget.statistics.classes import ClassMap, Residents
from civic_budget.statistics.errors import AlreadySealed, ArchiveDisagrees, BadFile, BrokenChain
from civic_budget.statistics.events import (
    RegisterImported,
    RequestAnswered,
    StatisticsRestored,
    StatisticsSealed,
)
from civic_budget.statistics.ledger import MemoryLedger
from civic_budget.statistics.ledger import restore as restore_ledger
from civic_budget.statistics.models import (
    OutsideRegister,
    StatisticsRelease,
    StatisticsRequest,
    StatisticsStep,
)
from civic_budget.statistics.people import count_people
from civic_budget.statistics.queries import find_basis, find_release, get_release
from civic_budget.statistics.release import Release
from civic_budget.statistics.release import seal_edition as draw_all
from civic_budget.statistics.storage import DatabaseLedger
from civic_budget.statistics.tabulate import Frozen
from civic_budget.storage.db import Work
from civic_budget.voting.events import RoundEvent
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.queries import get_round

_LOCK = 2_026_100_7
"""The key of the advisory lock under which PostgreSQL lets one worker draw at a time."""


def seal_edition(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    secrets: RoundSecrets,
    at: datetime,
    residents: Residents | None = None,
) -> Release:
    """Count everybody, draw all tables of an edition and keep the release; see `seal_counted`."""
    counted = count_people(work.session, edition_id, secrets)
    return seal_counted(
        work, actor, edition_id=edition_id, counted=counted, residents=residents, at=at
    )


def seal_counted(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    counted: Frozen,
    at: datetime,
    residents: Residents | None = None,
) -> Release:
    """Draw all tables of an edition from people already counted, seal them and keep the release.

    A draw that the archive has and the database lost is brought back instead of drawn again.
    The answers about citizenship are erased with it: they were given for these tables alone.
    Classes follow from `residents`, else from the imported register that is their basis, else from
    the sealed register itself. Raises AlreadySealed, or ArchiveDisagrees when archive and database
    tell different histories.
    """
    _require_platform(actor)
    _wait_for_others(work)
    if edition_id in _brought_back(work, actor, at):
        return get_release(work.session, edition_id)
    edition = _unsealed(work, edition_id)
    ledger = MemoryLedger(DatabaseLedger(work.session).tables())
    made = draw_all(
        counted,
        edition=edition.slug,
        ledger=ledger,
        archive=None,
        at=at,
        residents=residents or find_basis(work.session),
        previous=_classes_before(work, edition),
    )
    _keep(work, actor, edition_id, made, "sealed", at)
    citizenship.forget_all(work, edition_id=edition_id)
    return made


def import_release(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    made: Release | Path,
    at: datetime,
) -> Release:
    """Take in the release of an edition that was counted elsewhere, for example a past one.

    `made` is the release or its folder; its edition must be named like the platform's. Its seals
    go to the end of the platform's chain: when they followed other seals before, they are chained
    anew, with the same numbers. Raises AlreadySealed, BadFile, BrokenChain, ArchiveDisagrees.
    """
    _require_platform(actor)
    _wait_for_others(work)
    given = files.read(made) if isinstance(made, Path) else made
    if edition_id in _brought_back(work, actor, at):
        return get_release(work.session, edition_id)
    edition = _unsealed(work, edition_id)
    if given.edition != edition.slug:
        raise BadFile(given.edition, 0, f"is the release of another edition, not of {edition.slug}")
    chained = files.follow(given, DatabaseLedger(work.session).head())
    _keep(work, actor, edition_id, chained, "imported", at)
    return chained


def keep_release(
    work: Work, actor: Actor, *, edition_id: UUID, made: Release, at: datetime
) -> Release:
    """The same as `import_release`, for a release made in memory."""
    return import_release(work, actor, edition_id=edition_id, made=made, at=at)


def restore(work: Work, actor: Actor, *, at: datetime) -> tuple[UUID, ...]:
    """Bring the database and the archive level with each other; returns editions brought back.

    One of them must be a beginning of the other, as after a restored backup; raises
    ArchiveDisagrees otherwise. Nothing is drawn.
    """
    _require_platform(actor)
    _wait_for_others(work)
    archive, known = archive_of(work), DatabaseLedger(work.session).tables()
    kept = archive.tables()
    if kept == known[: len(kept)]:
        for made in _releases_in_order(work)[archive.count() :]:
            archive.keep(files.rendered(made))
    return tuple(sorted(_brought_back(work, actor, at)))


def require_sealed(work: Work, happened: RoundEvent) -> None:
    """Refuse that a round becomes final while its participation is not sealed.

    A handler of the event that tells it, so the refusal undoes the whole deed: afterwards nobody knows
    who took part. Training editions have no statistics. Raises Conflict("statistics_not_sealed").
    """
    edition = get_edition(work.session, get_round(work.session, happened.round_id).edition_id)
    if not edition.is_training and find_release(work.session, edition.id) is None:
        raise Conflict("statistics_not_sealed")


def note_refusal(work: Work, *, edition_id: UUID | None, reason: str, at: datetime) -> None:
    """Write into the visible log why sealing did not happen; the same reason twice is one line."""
    last = work.session.scalars(
        select(StatisticsStep)
        .where(StatisticsStep.edition_id == edition_id)
        .order_by(StatisticsStep.at.desc())
        .limit(1)
    ).first()
    if last is None or (last.step, last.reason) != ("refused", reason):
        _note(work, edition_id, "refused", reason, at)


def answer_request(
    work: Work,
    actor: Actor,
    *,
    asked_by: str,
    question: str,
    answer: str,
    language: str,
    at: datetime,
) -> UUID:
    """Log a question outside the catalogue with the reasoned answer given; analysts only.

    Raises Conflict at the field that is empty.
    """
    require(ALLOWED if actor.has(Role.ANALYST) else Denied("not_an_analyst"))
    said = {"asked_by": asked_by.strip(), "question": question.strip(), "answer": answer.strip()}
    for field, words in said.items():
        if not words:
            raise Conflict("words_missing", field=field)
    row = StatisticsRequest(id=uuid4(), **said, language=language, at=at, by=actor.account_id)
    work.session.add(row)
    work.publish(RequestAnswered(request_id=row.id, at=at, by=actor.account_id))
    return row.id


def import_register(
    work: Work, actor: Actor, *, residents: Residents, is_basis: bool, at: datetime
) -> None:
    """Take in a public table of residents; raises Conflict when this source and date are there.

    Analysts may, but only the platform's own command makes it the basis of classes.
    """
    if is_basis or not actor.has(Role.ANALYST):
        _require_platform(actor)
    taken = select(OutsideRegister.id).where(
        OutsideRegister.source == residents.source, OutsideRegister.as_of == residents.as_of
    )
    if work.session.scalar(taken) is not None:
        raise Conflict("register_taken", field="source")
    work.session.add(
        OutsideRegister(
            source=residents.source,
            as_of=residents.as_of,
            definition=residents.definition,
            geography=residents.geography,
            counts=dict(residents.counts),
            is_basis=is_basis,
            imported_at=at,
        )
    )
    work.publish(RegisterImported(source=residents.source, at=at, by=actor.account_id))


def archive_of(work: Work) -> ReleaseArchive:
    """The archive outside the database."""
    return ReleaseArchive(work.instance / "statistics-archive")


def _require_platform(actor: Actor) -> None:
    """Drawing and taking in are the platform's own deeds: no role may ask for a draw."""
    require(ALLOWED if actor.is_system else Denied("not_by_hand"))


def _wait_for_others(work: Work) -> None:
    """One draw at a time; on SQLite a unit of work has the write lock from its beginning."""
    if work.dialect == "postgresql":
        work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _brought_back(work: Work, actor: Actor, at: datetime) -> set[UUID]:
    """Give the database what only the archive has; raises ArchiveDisagrees."""
    archive, ledger = archive_of(work), DatabaseLedger(work.session)
    try:
        restore_ledger(ledger, archive)
    except BrokenChain as error:
        raise ArchiveDisagrees(str(error)) from error
    editions = {edition.slug: edition.id for edition in list_editions(work.session)}
    have = set(work.session.scalars(select(StatisticsRelease.edition_id)))
    lost = {
        editions[made.edition]: made
        for made in archive.releases
        if made.edition in editions and editions[made.edition] not in have
    }
    for edition_id, made in lost.items():
        head = _store(work, edition_id, made, files.rendered(made), at)
        _note(work, edition_id, "restored", "", at)
        # A backup from before the seal brings the answers back as well: they are forgotten again.
        citizenship.forget_all(work, edition_id=edition_id)
        work.publish(
            StatisticsRestored(edition_id=edition_id, head=head, at=at, by=actor.account_id)
        )
    return set(lost)


def _unsealed(work: Work, edition_id: UUID) -> EditionFacts:
    edition = get_edition(work.session, edition_id)
    if work.session.get(StatisticsRelease, edition_id) is not None:
        raise AlreadySealed(f"edition {edition.slug} is sealed already")
    return edition


def _classes_before(work: Work, edition: EditionFacts) -> ClassMap | None:
    """The classes of the last earlier edition that has a release."""
    have = set(work.session.scalars(select(StatisticsRelease.edition_id)))
    earlier = [e for e in list_editions(work.session) if e.id in have and e.year < edition.year]
    if not earlier:
        return None
    return get_release(work.session, max(earlier, key=lambda e: e.year).id).classes


def _keep(
    work: Work, actor: Actor, edition_id: UUID, made: Release, step: str, at: datetime
) -> None:
    """The archive first, then seals and files: from here on nothing of this draw can be lost."""
    rendered = files.rendered(made)
    archive_of(work).keep(rendered)
    ledger = DatabaseLedger(work.session)
    for sealed in made.seals:
        ledger.append(sealed)
    head = _store(work, edition_id, made, rendered, at)
    _note(work, edition_id, step, "", at)
    work.publish(StatisticsSealed(edition_id=edition_id, head=head, at=at, by=actor.account_id))


def _store(
    work: Work, edition_id: UUID, made: Release, rendered: dict[str, str], at: datetime
) -> str:
    head = made.seals[-1].sha256
    work.session.add(
        StatisticsRelease(edition_id=edition_id, head=head, files=rendered, sealed_at=at)
    )
    work.session.flush()
    return head


def _note(work: Work, edition_id: UUID | None, step: str, reason: str, at: datetime) -> None:
    work.session.add(
        StatisticsStep(id=uuid4(), edition_id=edition_id, step=step, reason=reason, at=at)
    )


def _releases_in_order(work: Work) -> list[Release]:
    """The releases that the database holds, in the order of their seals."""
    order = [sealed.sha256 for sealed in DatabaseLedger(work.session).tables()]
    held = [
        get_release(work.session, edition_id)
        for edition_id in work.session.scalars(select(StatisticsRelease.edition_id))
    ]
    return sorted(held, key=lambda made: order.index(made.seals[-1].sha256))
