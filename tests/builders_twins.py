"""Two worlds that differ in nothing but the choices: the same people, moments and secrets, other projects.

A world is built once up to the first vote and copied, with its folder and its database, for each choice.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Cookie

from civic_budget.app import furnish
from civic_budget.config import Settings
from civic_budget.kernel.actor import Actor, Role
from civic_budget.residency import service as residency
from civic_budget.residency.queries import accounts_of_person, get_case, persons_acting_for
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.rules import CONTROL_SHARE
from civic_budget.worker import run_once
from tests.builders import make_staff, sign_in_as
from tests.builders_booth import Voter
from tests.builders_commission import hand_in, make_clerks, open_urn, seal_pile
from tests.builders_residency import claim, make_claim, make_guardian, make_resident
from tests.builders_voting import (
    HOMES,
    Round,
    cast,
    choice,
    make_round,
    make_voter,
    make_waiting_voter,
)
from tests.conftest import NOW, Clock
from tests.engines import PostgresMaker, SqliteMaker
from tests.pages import CheckedClient

PROJECTS = 12
CARDS = 4
CHILD = ("MAKSYM", "KOVALENKO", date(2018, 3, 4))


def nonce(number: int) -> bytes:
    """The secret of the n-th ballot: the same in every world."""
    return hashlib.sha256(b"a ballot of two worlds %d" % number).digest()


@dataclass
class World:
    """A round with its people and its paper before the first vote, and in whose hands what is."""

    app: Flask
    settings: Settings
    clock: Clock
    opened: Round
    people: Sequence[tuple[UUID, int]]
    """Who votes through the service: the person and the district."""
    booth: tuple[Actor, UUID]
    clerks: Sequence[Actor]
    batch_id: UUID
    serials: Sequence[str]
    """The first two are keyed a second time; the second of them by somebody who reads it otherwise."""
    cookies: dict[str, Cookie] = field(default_factory=dict)
    heard: Callable[[Sequence[int]], None] = field(default=lambda picks: None)

    @property
    def database(self) -> Database:
        """The database of the world that is in the application now."""
        database: Database = self.app.extensions["database"]
        return database

    def browser(self, name: str) -> FlaskClient:
        """A browser of a reader, signed in; it reads no page for faults, which other tests do."""
        found = FlaskClient(self.app, self.app.response_class)
        if name in self.cookies:
            found.set_cookie(self.cookies[name].key, self.cookies[name].value)
        return found

    @property
    def nonces(self) -> list[bytes]:
        """The secrets of all ballots."""
        return [
            *(nonce(number) for number in range(len(self.people) + 1)),
            *(serial.encode() for serial in self.serials),
        ]

    def vote(self, picks: Sequence[int], others: Sequence[int]) -> None:
        """Everybody votes alike, online and on paper; one also tries another choice and is refused."""
        for number, (person, district) in enumerate(self.people):
            marks = choice(district=district, picks=picks)
            cast(self.database, self.opened, person, marks=marks, nonce=nonce(number))
        person, district = self.people[0]
        for again in (picks, others):
            marks = choice(district=district, picks=again)
            cast(self.database, self.opened, person, marks=marks, nonce=nonce(0))
        self._vote_in_the_booth(picks)
        self._key(picks, others)
        self.heard(picks)

    def _vote_in_the_booth(self, picks: Sequence[int]) -> None:
        client = CheckedClient(self.app, self.app.response_class)
        client.set_cookie(self.cookies["booth"].key, self.cookies["booth"].value)
        voter = Voter(client, *self.booth)
        voter.begin(nonce(len(self.people)).hex())
        voter.mark(picks=picks)
        voter.cast()

    def _key(self, picks: Sequence[int], others: Sequence[int]) -> None:
        of_card: dict[str, Any] = {"secrets": self.opened.secrets, "batch_id": self.batch_id}
        for serial in self.serials:
            with self.database.writing() as work:
                marks = choice(picks=picks)
                service.key_card(
                    work, self.clerks[1], **of_card, serial=serial, choice=marks, at=NOW
                )
        for serial, read in zip(self.serials, (picks, others), strict=False):
            with self.database.writing() as work:
                marks = choice(picks=read)
                service.key_again(work, self.clerks[2], **of_card, serial=serial, choice=marks)
        with self.database.writing() as work:
            marks = choice(picks=picks)
            service.resolve_card(
                work, self.clerks[3], **of_card, serial=self.serials[1], choice=marks
            )

    def close(self) -> None:
        """A night is published and the vote closed."""
        with self.database.writing() as work:
            service.publish_nightly_count(work, round_id=self.opened.id, day=NOW.date())
        with self.database.writing() as work:
            actor = self.opened.commission[0]
            at = self.opened.closes_at
            service.close_round(work, actor, round_id=self.opened.id, at=at)

    def work(self) -> None:
        """What the worker does by now: the night's count, notices, mails."""
        while run_once(self.app, at=self.clock.at):
            pass

    @contextmanager
    def copied(self, maker: SqliteMaker | PostgresMaker, folder: Path) -> Iterator[World]:
        """The application holds a copy of this world; what happens there stays there."""
        before = dict(self.app.extensions)
        self.database.dispose()
        url = maker.copy_of(self.settings.database_url)
        shutil.copytree(self.settings.instance, folder)
        settings = replace(self.settings, database_url=url, instance=folder)
        # Whoever turns all logs on sees the statements too.
        sql = logging.getLogger("sqlalchemy.engine")
        level = sql.level
        sql.setLevel(logging.DEBUG)
        furnish(self.app, settings, self.clock)
        try:
            yield replace(self, settings=settings)
        finally:
            sql.setLevel(level)
            self.database.dispose()
            maker.drop(url)
            self.app.extensions.clear()
            self.app.extensions.update(before)


def make_world(app: Flask, clock: Clock) -> World:
    """A round with voters, a child, one whose case waits, a sealed pile of cards, and all roles signed in."""
    database: Database = app.extensions["database"]
    opened = make_round(database, per_scope=PROJECTS)
    people = [(make_voter(database), 8), (make_voter(database), 8)]
    people += [(make_voter(database, district=18), 18), (_make_child(database), 8)]
    people += [(make_waiting_voter(database)[0], 8)]
    clerks = make_clerks(database)
    batch_id = open_urn(database, opened, clerks[0])
    for _ in range(CARDS):
        hand_in(database, opened, clerks[0], batch_id, make_voter(database))
    seal_pile(database, batch_id)
    world = World(
        app,
        app.extensions["settings"],
        clock,
        opened,
        people,
        make_resident(database, address=HOMES[8]),
        clerks,
        batch_id,
        _print_cards(database, opened, clerks[0]),
    )
    _sign_in(world)
    # What an application does at its first request, and the letters of all that came before the vote.
    world.browser("visitor").get("/en/vote/secrecy")
    world.work()
    return world


def _make_child(database: Database) -> UUID:
    guardian = make_guardian(database)
    tie_id, case_id = make_claim(database, guardian, CHILD)
    officer = make_staff(database, Role.OFFICER)
    claim(database, officer, case_id)
    assert guardian.account_id is not None
    with database.writing() as work:
        residency.accept_guardian(work, officer, tie_id=tie_id, is_second=False, at=NOW)
        if get_case(work.session, case_id).decided_at is None:
            residency.confirm_case(work, officer, case_id=case_id, at=NOW)
        acting = persons_acting_for(work.session, guardian.account_id, at=NOW)
    return next(one.person_id for one in acting if one.relation == "guardian")


def _print_cards(database: Database, opened: Round, clerk: Actor) -> list[str]:
    """As many as there are slips; the first two fall into the sample that is keyed again."""
    control: list[str] = []
    others: list[str] = []
    while len(control) < 2 or len(others) < CARDS - 2:
        with database.writing() as work:
            serials = service.print_cards(
                work, clerk, secrets=opened.secrets, scope="d08", number=10
            )
        for serial in serials:
            tag = opened.secrets.serial_tag(serial).hex()
            is_control = opened.secrets.signal_mac("control", tag)[0] * CONTROL_SHARE < 256
            (control if is_control else others).append(serial)
    return [*control[:2], *others[: CARDS - 2]]


def _sign_in(world: World) -> None:
    database = world.database
    with database.reading() as session:
        voter = Actor(accounts_of_person(session, world.people[0][0])[0])
    signed = {
        "booth": world.booth[0],
        "voter": voter,
        "member": world.opened.commission[0],
        "clerk of the batch": world.clerks[1],
        **{role.value: make_staff(database, role) for role in Role},
    }
    for name, actor in signed.items():
        client = FlaskClient(world.app, world.app.response_class)
        sign_in_as(client, database, actor)
        cookie = client.get_cookie("civic_budget")
        assert cookie is not None
        world.cookies[name] = cookie
