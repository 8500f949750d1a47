"""Rights over one's own data, and two officers' word on records that look alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic_budget.accounts.models import Account, SignIn
from civic_budget.config import Settings
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import citizenship, queries, service
from civic_budget.residency.evidence import open_vault
from civic_budget.residency.models import (
    CaseSentence,
    EvidenceFile,
    PersonIdentity,
    PersonMatchKey,
    PersonNationality,
    ResidenceCase,
)
from civic_budget.residency.rules import Flag, Standing
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import PASSWORD, make_account, make_city, make_edition, make_staff, sign_in_as
from tests.builders_residency import (
    claim,
    make_case,
    make_claim,
    make_guardian,
    make_identity,
    make_resident,
)
from tests.conftest import NOW
from tests.pages import CheckedClient

# What differs between any two people: names, references, ids, tokens, the account's own address.
OWN = re.compile(
    r"OLENA|KOVALENKO|IRYNA|MARCHENKO|R-\w{4}-\w{4}|[0-9a-f-]{36}|[\w.-]{40,}|[\w.]+@example\.org",
    re.IGNORECASE,
)


def test_a_person_sees_and_downloads_everything(client: CheckedClient, database: Database) -> None:
    make_city(database)
    account = make_account(database, contact="olena@example.org")
    make_case(database, account)
    sign_in_as(client, database, account)
    assert account.account_id is not None
    with database.writing() as work:
        person = queries.own_person(work.session, account.account_id)
        assert person is not None
        citizenship.answer(work, account, person_id=person, codes=["UA", "PL"], at=NOW)
    page = client.get("/en/my-data").text
    assert "OLENA KOVALENKO" in page and "olena@example.org" in page
    answer = client.send("/en/my-data", to="/en/my-data/copy")
    copied = json.loads(answer.text)
    assert copied["identity"]["family_name"] == "KOVALENKO"
    assert copied["citizenships"] == ["UA", "PL"]
    assert copied["contact"] == ["olena@example.org"]
    assert copied["cases"][0]["statement"]["signature"] == "OLENA KOVALENKO"


@pytest.mark.parametrize("lang", ["pl", "uk", "ru"])
def test_the_pages_speak_the_persons_language(
    client: CheckedClient, database: Database, lang: str
) -> None:
    make_city(database)
    account, _ = make_resident(database)
    sign_in_as(client, database, account)
    for path in ("residence", "my-data", "my-data/erase"):
        assert client.get(f"/{lang}/{path}").status_code == 200


def test_nobody_copies_anothers_data(database: Database) -> None:
    make_city(database)
    _, person = make_resident(database)
    with pytest.raises(Exception, match="not_your_data"), database.writing() as work:
        service.export_person(work, make_account(database), person_id=person, at=NOW)


def test_erasing_takes_everything_but_what_the_running_round_needs(
    client: CheckedClient, database: Database, settings: Settings
) -> None:
    make_city(database)
    account, person = make_resident(database)
    sign_in_as(client, database, account)
    file_id, vault_id = add_document(database, settings, person, account)
    with database.writing() as work:
        citizenship.answer(work, account, person_id=person, codes=["UA"], at=NOW)
    refused = client.send("/en/my-data/erase")
    assert "Tick the box if you are sure" in refused.text
    without = client.send("/en/my-data/erase", {"sure": "y"})
    assert "Write your password" in without.text and "checked" in without.text
    wrong = client.send("/en/my-data/erase", {"sure": "y", "current": "not this one at all"})
    assert "This is not your password" in wrong.text and "checked" in wrong.text
    with database.reading() as session:
        assert session.get(PersonIdentity, person) is not None
    client.send("/en/my-data/erase", {"sure": "y", "current": PASSWORD})
    with database.reading() as session:
        for table in (PersonIdentity, PersonNationality, CaseSentence):
            assert session.scalars(select(table)).all() == []
        assert all(c.answers_sealed is None for c in session.scalars(select(ResidenceCase)))
        row = session.get_one(Account, account.account_id)
        assert (row.email_sealed, row.email_blind, row.password_hash) == (None, None, None)
        ended = select(SignIn.ended_at).where(SignIn.account_id == account.account_id)
        assert None not in session.scalars(ended).all()
        assert session.get_one(EvidenceFile, file_id).deleted_at == NOW
        assert queries.standing_of(session, person, at=NOW) is Standing.CONFIRMED
        assert session.scalars(select(PersonMatchKey)).all() != []
    assert not open_vault(settings).is_whole(vault_id, page_count=1)
    assert client.get("/en/my-data").status_code == 302


def add_document(
    database: Database, settings: Settings, person: UUID, account: Actor
) -> tuple[UUID, str]:
    """A document in a new case of a person: its id and its name in the vault."""
    sealed = open_vault(settings).seal([b"a page"])
    assert account.account_id is not None
    with database.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="en", at=NOW
        )
        file_id = service.add_evidence(
            work,
            account,
            case_id=case_id,
            vault_id=sealed.file_id,
            kind="lease",
            page_count=1,
            at=NOW,
        )
    return file_id, sealed.file_id


def test_who_comes_back_after_erasure_is_met_until_the_round_is_final(
    database: Database,
) -> None:
    make_city(database)
    account = make_account(database)
    make_case(database, account)
    assert account.account_id is not None
    with database.writing() as work:
        service.erase_person(work, account, account_id=account.account_id, at=NOW)
    again = make_case(database, make_account(database))
    with database.reading() as session:
        person = queries.get_case(session, again).person_id
        (suspect,) = queries.list_suspects(session, person)
    assert suspect.is_erased and suspect.identity is None
    with database.writing() as work:
        assert service.clear_tombstones(work, at=NOW) == 1
    with database.reading() as session:
        assert queries.list_suspects(session, person) == []


@pytest.fixture
def doubles(database: Database) -> tuple[UUID, UUID]:
    """Two cases of one human."""
    make_city(database)
    first = make_case(database, make_account(database))
    second = make_case(
        database, make_account(database), identity=make_identity("Олена", "Коваленко")
    )
    return first, second


def persons(database: Database, doubles: tuple[UUID, UUID]) -> tuple[UUID, UUID]:
    with database.reading() as session:
        one, other = (queries.get_case(session, case).person_id for case in doubles)
    return one, other


@pytest.mark.parametrize("lang", ["pl", "en", "uk", "ru"])
def test_a_merge_needs_two_officers_and_can_be_taken_back(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    doubles: tuple[UUID, UUID],
    lang: str,
) -> None:
    first, second = make_staff(database, Role.OFFICER), make_staff(database, Role.OFFICER)
    one, other = persons(database, doubles)
    with database.reading() as session:
        reference = queries.get_case(session, doubles[0]).reference
    path = f"/{lang}/office/residence/{reference}/compare/{other}"
    sign_in_as(client, database, first)
    assert client.get(path).status_code == 403
    claim(database, first, doubles[0])
    client.send(path, {"verdict": "same"})
    client.send(path, {"verdict": "same"})
    with database.writing() as work:
        assert queries.cluster_members(work.session, one) == (one,)
        service.release_case(work, first, case_id=doubles[0], at=NOW)
    colleague = new_client()
    sign_in_as(colleague, database, second)
    claim(database, second, doubles[0])
    colleague.send(path, {"verdict": "same"})
    with database.reading() as session:
        assert queries.cluster_members(session, one) == tuple(sorted((one, other)))
        assert queries.list_clusters(session)[one] == queries.list_clusters(session)[other]
    colleague.send(path, {"verdict": "different"})
    with database.reading() as session:
        assert queries.cluster_members(session, one) == (one,)


def test_a_stranger_cannot_be_opened_beside_a_case(
    client: CheckedClient, database: Database, doubles: tuple[UUID, UUID]
) -> None:
    officer = make_staff(database, Role.OFFICER)
    sign_in_as(client, database, officer)
    claim(database, officer, doubles[0])
    _, stranger = make_resident(database)
    with database.reading() as session:
        reference = queries.get_case(session, doubles[0]).reference
    path = f"/en/office/residence/{reference}/compare/{stranger}"
    assert client.get(path).status_code == 404


def test_three_records_of_one_human_make_one_cluster(database: Database) -> None:
    make_city(database)
    ids = []
    for _ in range(3):
        case_id = make_case(database, make_account(database))
        with database.reading() as session:
            ids.append(queries.get_case(session, case_id).person_id)
    officers = [make_staff(database, Role.OFFICER), make_staff(database, Role.OFFICER)]
    for pair in ((ids[0], ids[1]), (ids[1], ids[2])):
        for officer in officers:
            with database.writing() as work:
                service.say_same(work, officer, one=pair[0], other=pair[1], at=NOW)
    with database.reading() as session:
        assert queries.cluster_members(session, ids[0]) == tuple(sorted(ids))


def test_only_officers_merge(database: Database, doubles: tuple[UUID, UUID]) -> None:
    one, other = persons(database, doubles)
    with pytest.raises(Exception, match="not_an_officer"), database.writing() as work:
        service.say_same(work, SYSTEM, one=one, other=other, at=NOW)


def test_a_merge_can_be_taken_back_until_ballots_are_opened(
    database: Database, doubles: tuple[UUID, UUID]
) -> None:
    first, second = make_staff(database, Role.OFFICER), make_staff(database, Role.OFFICER)
    one, other = persons(database, doubles)

    def merge(at: datetime) -> None:
        for officer in (first, second):
            with database.writing() as work:
                service.say_same(work, officer, one=one, other=other, at=at)

    merge(NOW)
    with database.writing() as work:
        service.say_different(work, first, one=one, other=other, at=NOW)
    merge(NOW)
    opened = NOW + timedelta(days=1)
    with database.writing() as work:
        service.fix_merges(work, at=opened)
    with pytest.raises(NotAllowed, match="merge_fixed"), database.writing() as work:
        service.say_different(work, first, one=one, other=other, at=opened)
    with database.reading() as session:
        assert queries.cluster_members(session, one) == tuple(sorted((one, other)))


def test_a_human_who_is_known_reads_what_one_drawn_by_lot_reads(
    new_client: Callable[[], CheckedClient], database: Database
) -> None:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"statement_confirms": True, "sample_permille": 0})
    make_case(database, make_account(database), identity=make_identity("OLENA", "KOVALENKO"))
    again, drawn = make_account(database), make_account(database)
    cases = {again: make_case(database, again, identity=make_identity("OLENA", "KOVALENKO"))}
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 1000})
    cases[drawn] = make_case(database, drawn, identity=make_identity("IRYNA", "MARCHENKO"))
    read: dict[Actor, list[str]] = {}
    for account, case_id in cases.items():
        client = new_client()
        with database.reading() as session:
            case = queries.get_case(session, case_id)
        assert case.flags == ((Flag.DUPLICATE,) if account is again else (Flag.SAMPLE,))
        sign_in_as(client, database, account)
        pages = [f"/en/residence/{case.reference}/sent", "/en/residence", "/en/my-data"]
        texts = [client.get(path).text for path in pages]
        for text in (*texts, client.send("/en/my-data", to="/en/my-data/copy").text):
            read.setdefault(account, []).append(OWN.sub("…", text))
    assert read[again] == read[drawn]
    assert not any("duplicate" in text.lower() for text in read[again])


def test_the_office_lists_all_pairs_and_opens_two_side_by_side(
    client: CheckedClient, database: Database, doubles: tuple[UUID, UUID]
) -> None:
    officers = [make_staff(database, Role.OFFICER) for _ in range(2)]
    sign_in_as(client, database, officers[0])
    assert "/en/office/residence/pairs" in client.get("/en/office/residence").text
    listed = client.page("/en/office/residence/pairs?strength=2")
    assert "OLENA" not in client.get("/en/office/residence/pairs").text
    path = next(link for link in listed.links if "/pairs/" in link)
    beside = client.get(path).text
    assert "OLENA" in beside and "Олена" in beside
    assert "A second officer has to agree" in client.send(path, {"verdict": "same"}).text
    proposed = client.get("/en/office/residence/pairs?state=proposed").text
    assert "by you" in proposed
    sign_in_as(client, database, officers[1])
    assert "are merged now" in client.send(path, {"verdict": "same"}).text
    assert "Merged: one person" in client.get("/en/office/residence/pairs?state=all").text
    assert "Noted: two different people" in client.send(path, {"verdict": "different"}).text
    with database.reading() as session:
        deeds = session.scalars(select(AuditEntry.deed)).all()
    assert deeds.count("PairCompared") >= 2
    strangers = path.rsplit("/", 1)[0] + "/00000000-0000-4000-8000-000000000000"
    assert client.get(strangers).status_code == 404
    sign_in_as(client, database, make_account(database))
    assert client.get(path).status_code == 403


def test_citizenship_is_closed_with_the_figures_until_the_next_edition(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    account, person = make_resident(database)
    edition_id = make_edition(database, Phase.RESULTS)
    with database.writing() as work:
        citizenship.answer(work, account, person_id=person, codes=["UA"], at=NOW)
        assert citizenship.forget_all(work, edition_id=edition_id) == 1
    with pytest.raises(Conflict, match="citizenship_sealed"), database.writing() as work:
        citizenship.answer(work, account, person_id=person, codes=["UA"], at=NOW)
    sign_in_as(client, database, account)
    for lang, sentence in (("pl", "są zamknięte"), ("uk", "закрито"), ("ru", "закрыта")):
        assert sentence in client.get(f"/{lang}/residence").text
    with database.reading() as session:
        case = queries.find_last_case(session, person)
    assert case is not None
    page = client.get(f"/en/residence/{case.reference}/citizenship?from=mine").text
    assert "The question opens again with the next edition" in page
    assert 'name="codes"' not in page
    make_edition(database, Phase.SUBMISSION, year=2027)
    with database.writing() as work:
        citizenship.answer(work, account, person_id=person, codes=["UA"], at=NOW)


def test_a_guardian_moves_corrects_and_copies_for_a_child(
    client: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    make_city(database)
    mother = make_guardian(database)
    tie_id, case_id = make_claim(database, mother)
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie_id, at=NOW)
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)
    sign_in_as(client, database, mother)
    page, at_tie = "/uk/children", f"/uk/children/{tie_id}"
    assert "MAKSYM" in client.get(page).text
    copied = json.loads(client.send(page, to=f"{at_tie}/copy").text)
    assert copied["identity"]["given_names"] == "MAKSYM" and copied["account"] is None
    assert client.send(page, to=f"{at_tie}/copy-pdf").data[:5] == b"%PDF-"
    assert client.get(f"{at_tie}/renew").status_code == 200
    moved = client.send(page, {"purpose": "move"}, to=f"{at_tie}/start", follow=False)
    assert moved.headers["Location"].endswith("/address")
    stranger = new_client()
    sign_in_as(stranger, database, make_guardian(database, "TARAS"))
    for path in ("copy", "copy-pdf", "start"):
        answer = stranger.send(page, {"purpose": "move"}, to=f"{at_tie}/{path}", follow=False)
        assert answer.status_code == 404
    assert stranger.get(f"{at_tie}/renew").status_code == 404
