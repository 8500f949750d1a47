"""What all rooms hold of a person is in the person's own copy: read, said in words, and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from civic_budget.assessment import service as assessment
from civic_budget.editions.models import Pool
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.models import METADATA
from civic_budget.news import service as news
from civic_budget.news.models import NewsSubscription
from civic_budget.news.rules import Subject
from civic_budget.paths import ROOT
from civic_budget.proposals import service as proposals
from civic_budget.proposals.models import Proposal, ProposalConsent
from civic_budget.proposals.queries import find_by_reference
from civic_budget.residency import queries, service
from civic_budget.residency.copy_parts import CopyOwner
from civic_budget.residency.own_copy import render_copy
from civic_budget.statistics import outreach, outreach_queries
from civic_budget.storage.db import Database
from civic_budget.storage.privacy import find_copy_words
from civic_budget.voting import service as voting
from civic_budget.wiring import COPY_PARTS
from tests.builders import make_account, make_edition, make_staff
from tests.builders_proposals import (
    make_assessor,
    make_checklists,
    make_coordinator,
    make_draft,
    make_submitted,
    reject,
)
from tests.builders_residency import make_case, make_claim, make_identity, make_resident
from tests.builders_voting import make_round
from tests.conftest import NOW
from tests.statements import listening
from tests.storage.residency.test_own_copy import text_of

SECRET = {"envelope", "participation", "ballot", "paper_ballot", "paper_card", "vote_return"}
REASONS = "Ділянка належить місту від березня, це видно в реєстрі."
MAIL = "olena@example.org"


@dataclass
class Town:
    """Olena, her person and child; Beata who wrote with her, Hanna whose proposal she likes."""

    olena: Actor
    person: UUID
    child: UUID
    beata: Actor
    hanna: Actor


@pytest.fixture
def town(database: Database) -> Town:
    """A town in which Olena did in every room what a resident can do."""
    opened = make_round(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION, year=2027)
    with database.writing() as work:
        work.session.execute(update(Pool).values(signatures=1))
    olena = make_account(database, contact=MAIL)
    case_id = make_case(database, olena, identity=make_identity())
    with database.writing() as work:
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)
        person = queries.get_case(work.session, case_id).person_id
    (beata, _), (hanna, hannas) = make_resident(database), make_resident(database)
    write_together(database, edition_id, (olena, person), beata, (hanna, hannas))
    liked = make_submitted(database, hanna, hannas, edition_id)
    _, child_case = make_claim(database, olena)
    with database.writing() as work:
        (tie,) = queries.list_ties(work.session, olena.account_id or UUID(int=0))
        service.accept_guardian(work, SYSTEM, tie_id=tie.id, at=NOW)
        service.confirm_case(work, SYSTEM, case_id=child_case, at=NOW)
        child = queries.get_case(work.session, child_case).person_id
    with database.writing() as work:
        moving = service.start_case(
            work, olena, account_id=olena.account_id or UUID(int=0), language="uk", at=NOW
        )
        service.add_evidence(
            work, olena, case_id=moving, vault_id="b" * 32, kind="lease", page_count=1, at=NOW
        )
        proposals.support_proposal(work, olena, proposal_id=liked, at=NOW)
        news.follow_proposal(work, olena, proposal_id=liked, at=NOW)
    for address in (MAIL, "other@example.org"):
        with database.writing() as work:
            subject = Subject(edition_id, scope="d08")
            news.ask_for_news(work, subject=subject, address=address, language="uk", at=NOW)
    with database.writing() as work:
        voting.file_vote_claim(
            work, olena, round_id=opened.id, person_id=person, words="Мене не було.", at=NOW
        )
    analyst = make_staff(database, Role.ANALYST)
    with database.writing() as work:
        outreach.make_campaign(
            work, analyst, edition_id=edition_id, name="Biblioteka", targets={}, at=NOW
        )
    with database.writing() as work:
        code = outreach_queries.list_campaigns(work.session)[0].code
        outreach.note_arrival(work, olena, code=code, at=NOW)
    return Town(olena, person, child, beata, hanna)


def write_together(
    database: Database,
    edition_id: UUID,
    author: tuple[Actor, UUID],
    beata: Actor,
    other: tuple[Actor, UUID],
) -> None:
    """Olena's draft with Beata, rejected and appealed; Hanna's draft with Olena; a merge asked for."""
    olena = author[0]
    draft = make_draft(database, *author, edition_id)
    for writer, proposal_id, invited, name in (
        (olena, draft, beata, "Беата К."),
        (other[0], make_draft(database, *other, edition_id), olena, "Олена"),
    ):
        with database.writing() as work:
            token = proposals.invite_co_author(
                work,
                writer,
                proposal_id=proposal_id,
                address="invited@example.org",
                language="uk",
                at=NOW,
            )
        with database.writing() as work:
            proposals.accept_invitation(work, invited, token=token, at=NOW)
        with database.writing() as work:
            proposals.show_name(
                work, invited, proposal_id=proposal_id, name=name, language="uk", at=NOW
            )
    with database.writing() as work:
        proposals.submit_proposal(work, olena, proposal_id=draft, at=NOW)
        proposals.add_support_list(
            work, olena, proposal_id=draft, vault_id="a" * 32, page_count=2, at=NOW
        )
    third = make_submitted(database, *make_resident(database), edition_id)
    coordinator = make_coordinator(database)
    with database.writing() as work:
        proposals.propose_merge(
            work,
            coordinator,
            kept=draft,
            joined=(third,),
            words={"pl": "Oba o ławkach."},
            answer_by=NOW + timedelta(days=4),
            at=NOW,
        )
    later = NOW + timedelta(days=8)
    with database.writing() as work:
        proposals.lapse_merges(work, at=later)
    reject(database, make_assessor(database), draft, at=later)
    with database.writing() as work:
        assessment.lodge_appeal(
            work, olena, proposal_id=draft, reasons=REASONS, language="uk", at=later
        )


@contextmanager
def tables_read(database: Database) -> Iterator[set[str]]:
    """The tables that statements name while this runs."""
    found: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        found.update(re.findall(r"\w+", statement))

    with listening(database, before_cursor_execute=note):
        yield found


def test_every_room_gives_its_own_and_a_forgotten_table_is_noticed(
    app: Flask, database: Database, town: Town
) -> None:
    words = find_copy_words(ROOT / "docs" / "privacy-register.toml")
    with tables_read(database) as named:
        copied = take(database, town.olena, town.person)
        take(database, town.olena, town.child)
    wanted = {table for table, word in words.items() if word.startswith("in: ")}
    assert wanted - named == set(), "the register says that the copy has these"
    assert named & SECRET & set(METADATA.tables) == set()
    for part in COPY_PARTS:
        assert copied[part.key], part.key
    together, written = sorted(copied["proposals"], key=lambda one: str(one["reference"] or ""))
    assert (written["written_as"], together["written_as"]) == ("author", "co_author")
    assert (together["state"], together["content"]["category"]) == ("draft", "infrastructure")
    assert written["versions"][0]["content"] == written["content"]
    assert written["decisions"][0]["said"]["uk"] == "Ділянка не належить місту."
    assert written["merges"][0]["state"] == "lapsed" and written["signed_lists"][0]["pages"] == 2
    assert written["names_shown"] == ["Беата К."]
    assert copied["appeals"][0]["your_reasons"] == REASONS
    assert copied["vote_claims"][0]["your_words"] == "Мене не було."
    assert [one["scope"] for one in copied["news_by_mail"]] == ["d08"]
    assert {one["agreed_to"] for one in copied["author_consents"]} == {"own_work", "name"}
    for language, proposal, follows in (
        ("pl", "Propozycja", "Obserwowane"),
        ("uk", "Пропозиція", "стежите"),
    ):
        with app.test_request_context(f"/{language}/"), database.reading() as session:
            said = text_of(
                render_copy(
                    copied,
                    session,
                    parts=COPY_PARTS,
                    title="X",
                    language=language,
                    city_locale=language,
                )
            )
        assert proposal in said and follows in said
        assert "Biblioteka" in said and "Мене не було." in said and re.search(r"42\s000\szł", said)


def test_nobody_elses_identity_is_in_it_and_nothing_of_a_guardian_in_a_childs(
    database: Database, town: Town
) -> None:
    copied = json.dumps(take(database, town.olena, town.person))
    with database.reading() as session:
        for other in (town.beata, town.hanna):
            assert other.account_id is not None
            person = queries.own_person(session, other.account_id)
            assert str(other.account_id) not in copied and str(person) not in copied
    assert set(re.findall(r'[^" ]+@[^" ]+', copied)) == {MAIL}
    childs = take(database, town.olena, town.child)
    assert {part.key: childs[part.key] for part in COPY_PARTS} == {p.key: [] for p in COPY_PARTS}


def test_who_erases_everything_is_forgotten_by_all_rooms(database: Database, town: Town) -> None:
    before = take(database, town.olena, town.person)
    sent = next(one["reference"] for one in before["proposals"] if one["reference"])
    with database.reading() as session:
        edition_id = session.scalars(select(NewsSubscription.edition_id)).first()
    assert edition_id is not None
    alone = make_draft(database, town.olena, town.person, edition_id)
    with database.writing() as work:
        proposals.show_name(
            work, town.olena, proposal_id=alone, name="Олена К.", language="uk", at=NOW
        )
    with database.writing() as work:
        service.erase_person(
            work,
            town.olena,
            account_id=town.olena.account_id or UUID(int=0),
            parts=COPY_PARTS,
            at=NOW + timedelta(days=9),
        )
    with database.reading() as session:
        assert session.get(Proposal, alone) is None
        stays = find_by_reference(session, sent)
        assert stays is not None
        owner = CopyOwner(town.person, town.olena.account_id)
        left = {part.key: part.rows(session, owner) for part in COPY_PARTS}
        assert session.scalars(select(func.count()).select_from(NewsSubscription)).one() == 1
        names = session.scalars(select(ProposalConsent.words)).all()
    assert "Олена" not in names and "Беата К." in names
    assert [one["agreed_to"] for one in left["author_consents"]] == ["own_work"]
    assert [one["ended"] is None for one in left["co_authorships"]] == [False]
    assert [one["written_as"] for one in left["proposals"]] == ["author"]
    assert left["follows"] == left["news_by_mail"] == left["arrived_by"] == []


def take(database: Database, actor: Actor, person_id: UUID) -> dict[str, Any]:
    """The copy with the parts of all rooms."""
    with database.writing() as work:
        return service.export_person(
            work, actor, person_id=person_id, parts=COPY_PARTS, at=NOW + timedelta(days=9)
        )
