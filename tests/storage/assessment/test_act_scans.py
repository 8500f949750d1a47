"""Scans of signed acts on real databases: superseded, never changed, swept, told to the audit trail."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from civic_budget.assessment import queries, service
from civic_budget.assessment.service import ActItem
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import NotAllowed, NotFound
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.blobs import BlobMissing
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition
from tests.builders_proposals import (
    make_assessor,
    make_checklists,
    make_coordinator,
    make_submitted,
    reject,
)
from tests.builders_residency import make_resident
from tests.conftest import NOW

SIGNED = NOW + timedelta(days=8)


def sheet(colour: str) -> bytes:
    """A page as the intake gives it."""
    out = BytesIO()
    Image.new("RGB", (300, 400), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def coordinator(database: Database) -> Actor:
    """Somebody who may scan."""
    make_city(database)
    make_checklists(database)
    return make_coordinator(database)


@pytest.fixture
def act_id(database: Database, coordinator: Actor) -> UUID:
    """An act that restores one rejected proposal."""
    author = make_resident(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    proposal_id = make_submitted(database, *author, edition_id)
    reject(database, make_assessor(database), proposal_id)
    with database.writing() as work:
        return service.enter_act(
            work,
            coordinator,
            edition_id=edition_id,
            number="7/2026",
            signed_on=SIGNED.date(),
            items=[ActItem(proposal_id, True, {"pl": "Przywrócono."})],
            at=SIGNED,
        )


def scan(
    database: Database, actor: Actor, act_id: UUID, *, pages: Sequence[bytes], sent: bytes = b"sent"
) -> UUID:
    """A scan of these pages, made of a file with these bytes."""
    with database.writing() as work:
        return service.add_act_scan(
            work,
            actor,
            act_id=act_id,
            pages=pages,
            upload_hash=sha256(sent).hexdigest(),
            at=SIGNED,
        )


def instance_of(database: Database) -> Path:
    """The folder that goes with the database."""
    with database.writing() as work:
        return work.instance


def test_a_later_scan_supersedes_and_each_hash_stays(
    database: Database, coordinator: Actor, act_id: UUID
) -> None:
    scan(database, coordinator, act_id, pages=[sheet("red")], sent=b"first")
    scan(database, coordinator, act_id, pages=[sheet("red"), sheet("blue")], sent=b"second")
    with database.reading() as session:
        shown = queries.get_act(session, act_id).scan
        later, first = queries.list_act_scans(session, act_id)
        (listed,) = queries.list_acts(session, queries.get_act(session, act_id).edition_id)
        told = session.scalars(
            select(AuditEntry.subjects).where(AuditEntry.deed == "MayorActScanned")
        ).all()
    assert shown == later == listed.scan
    assert (first.number, later.number, later.page_count) == (1, 2, 2)
    store = service.scan_store(instance_of(database))
    for one, sent in ((first, b"first"), (later, b"second")):
        assert sha256(store.get(one.blob)).hexdigest() == one.hash
        assert one.upload_hash == sha256(sent).hexdigest()
    assert {(row["number"], row["hash"], row["upload_hash"]) for row in told} == {
        (str(one.number), one.hash, one.upload_hash) for one in (first, later)
    }


def test_the_bytes_of_a_superseded_scan_are_swept_after_a_day(
    database: Database, coordinator: Actor, act_id: UUID
) -> None:
    instance = instance_of(database)
    store = service.scan_store(instance)
    for colour in ("red", "blue"):
        scan(database, coordinator, act_id, pages=[sheet(colour)])
    store.put("f" * 32, b"a request that broke off")
    stored_at = min(blob.stored_at for blob in store.list())
    assert service.sweep_act_scans(database, instance, at=stored_at + timedelta(hours=23)) == 0
    assert service.sweep_act_scans(database, instance, at=stored_at + timedelta(days=2)) == 2
    with database.reading() as session:
        later, first = queries.list_act_scans(session, act_id)
    assert store.get(later.blob)
    with pytest.raises(BlobMissing):
        store.get(first.blob)


def test_only_a_coordinator_scans_an_act_that_there_is(
    database: Database, coordinator: Actor, act_id: UUID
) -> None:
    with pytest.raises(NotAllowed, match="not_your_role"):
        scan(database, make_assessor(database), act_id, pages=[sheet("red")])
    with pytest.raises(NotFound, match="no_act"):
        scan(database, coordinator, uuid4(), pages=[sheet("red")])
    assert list(service.scan_store(instance_of(database)).list()) == []


@pytest.mark.parametrize(
    "change", ["UPDATE mayor_act_scan SET hash = 'x'", "DELETE FROM mayor_act_scan"]
)
def test_the_database_itself_keeps_the_hashes(
    database: Database, coordinator: Actor, act_id: UUID, change: str
) -> None:
    scan(database, coordinator, act_id, pages=[sheet("red")])
    with pytest.raises(DatabaseError, match="append-only"), database.writing() as work:
        work.session.execute(text(change))


def test_two_coordinators_at_once_get_two_numbers(
    database: Database, coordinator: Actor, act_id: UUID
) -> None:
    people, start = (coordinator, make_coordinator(database)), threading.Barrier(2)

    def run(actor: Actor) -> None:
        start.wait(10)
        scan(database, actor, act_id, pages=[sheet("red")], sent=os.urandom(8))

    threads = [threading.Thread(target=run, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.reading() as session:
        assert [one.number for one in queries.list_act_scans(session, act_id)] == [2, 1]


def test_a_transaction_that_fails_later_leaves_the_earlier_scan(
    database: Database, coordinator: Actor, act_id: UUID
) -> None:
    scan(database, coordinator, act_id, pages=[sheet("red")])
    with pytest.raises(RuntimeError), database.writing() as work:
        service.add_act_scan(
            work, coordinator, act_id=act_id, pages=[sheet("blue")], upload_hash="0", at=SIGNED
        )
        raise RuntimeError("the machine stops")
    with database.reading() as session:
        (only,) = queries.list_act_scans(session, act_id)
    assert service.scan_store(instance_of(database)).get(only.blob)
