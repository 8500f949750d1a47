"""The PDF says what the JSON holds, and the JSON what the tables hold: leaf by leaf, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, Table, Uuid, select, update

from civic_budget.kernel.actor import Actor
from civic_budget.models import METADATA
from civic_budget.paths import ROOT
from civic_budget.residency import queries, service
from civic_budget.residency.models import CaseProof, EvidenceFile, ResidenceStatement
from civic_budget.residency.own_copy import render_copy
from civic_budget.storage.db import Database
from civic_budget.storage.privacy import find_copy_words
from civic_budget.web.words import say_day, say_moment
from tests.builders import make_account, make_city, make_point
from tests.builders_residency import ZACHODNIA
from tests.conftest import NOW
from tests.storage.residency.test_own_copy import furnish, text_of

# Leaves of the JSON that the PDF does not print as they are, and why.
CODES = """
state road purpose deed reason source kind outcome why about proof what_for language confirmed_by sex
roles citizenships district listed meant contested_district device told
"""
AS_WORDS = dict.fromkeys(CODES.split(), "a code; the PDF says it in the reader's words")
NOT_PRINTED = {
    "person": "an id of the record; people have a reference",
    "child": "an id of the record; the PDF has the child's name",
    "sex_asked": "that a page was shown",
    "citizenships_asked": "that a page was shown",
    "is_described": "how an address was told; the PDF prints the address",
    "has_password": "yes or no, in words",
}
# Columns of the copied tables whose values are not in it, and why.
LEFT_OUT = {
    "residence_case.flags": "they would tell about other records",
    "residence_case.is_flagged": "it would tell about other records",
    "residence_case.updated_at": "the last change of a draft; each deed has its moment",
    "residence_case.claimed_at": "when an officer took it: how work goes in the office",
    "residence_case.created_at": "in it",
    "case_decision.position": "the order, which the history has",
    "confirmation.reminded_at": "that a reminder left",
    "person.created_at": "the record begins with its first case, whose beginning is in it",
    "person.district": "in it with each case and confirmation",
    "person.erased_at": "only of erased persons",
    "person_identity.updated_at": "each case has its moments",
    "person_holder.since_at": "a guardian's tie says since when; one's own is the first case",
    "person_holder.until_at": "the tie says until when",
    "person_holder.relation": "in it as guardians and children",
    "complaint.taken_at": "when an officer took it: how work goes in the office",
    "complaint.language": "the language of the page on which it was written",
    "case_sentence.language": "the sentence itself is in it",
    "address_letter.reprints": "how often paper jammed",
    "desk_visit.ends_at": "when the clerk's view would have ended; when it did is in it",
    "evidence_file.vault_id": "a random name in the store of documents",
    "evidence_file.deleted_why": "a code of the clean-up; the moment is in it",
    "sample_member.lot": "the public draw",
    "residence_check.first_officer": "staff",
}


@pytest.fixture
def filled(database: Database) -> tuple[Actor, UUID]:
    """Olena of whom everything is held, each moment another one, and a draft beside it."""
    olena, person, _child = furnish(database)
    point = make_point(database)
    with database.writing() as work:
        case = queries.find_last_case(work.session, person)
        assert case is not None and olena.account_id is not None
        work.session.add_all(
            [
                CaseProof(
                    case_id=case.id,
                    source="letter",
                    kind="lease",
                    outcome="arrived",
                    document_on=date(2026, 2, 3),
                    noted_at=NOW,
                    point_id=point,
                ),
                EvidenceFile(
                    case_id=case.id,
                    vault_id="c" * 32,
                    kind="lease",
                    page_count=3,
                    received_at=NOW,
                    delete_after=NOW + timedelta(days=40),
                ),
            ]
        )
        work.session.execute(update(ResidenceStatement).values(confirmed_by="email"))
        draft = service.start_case(work, olena, account_id=olena.account_id, language="uk", at=NOW)
        service.tell_name(
            work, olena, case_id=draft, given_names="OLHA", family_name="DRAFTENKO", at=NOW
        )
        service.tell_birth_date(work, olena, case_id=draft, born_on=date(1991, 5, 6), at=NOW)
        service.tell_address(work, olena, case_id=draft, address=ZACHODNIA, at=NOW)
    spread_moments(database)
    return olena, person


def copied_tables() -> list[Table]:
    """The tables of this room that the register counts in."""
    words = find_copy_words(ROOT / "docs" / "privacy-register.toml")
    here = {"person", "identity", "guardians", "children", "cases", "confirmations"}
    here |= {"visits", "complaints", "information_shown"}
    return [
        METADATA.tables[table]
        for table, word in words.items()
        if word.startswith("in: ") and word[4:].partition(",")[0] in here
    ]


def spread_moments(database: Database) -> None:
    """Give each moment of a row another value, so that one cannot stand for another."""
    step = 0
    for table in copied_tables():
        if table.info.get("append_only"):
            continue
        (key, *_rest) = table.primary_key.columns
        with database.writing() as work:
            for row in work.session.execute(select(table)).mappings().all():
                fresh = {}
                for column in table.columns:
                    if isinstance(row[column.name], datetime):
                        step += 1
                        fresh[column.name] = row[column.name] + timedelta(minutes=step)
                if fresh:
                    statement = update(table).where(key == row[key.name]).values(fresh)
                    work.session.execute(statement)


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def printed(value: object) -> str:
    """A leaf as the PDF prints it."""
    if isinstance(value, str):
        try:
            return (
                say_moment(datetime.fromisoformat(value))
                if "T" in value
                else say_day(date.fromisoformat(value))
            )
        except ValueError:
            return value
    return str(value)


def test_each_leaf_of_the_json_is_in_the_pdf(
    app: Flask, database: Database, filled: tuple[Actor, UUID]
) -> None:
    olena, person = filled
    copied = take(database, olena, person)
    with app.test_request_context("/en/"), database.reading() as session:
        content = render_copy(copied, session, title="X", language="en", city_locale="en")
        said = "".join(text_of(content).split())
        missing = [
            (path, value)
            for path, value in leaves(copied)
            if value not in (None, "", 0)
            and path.rpartition(".")[2] not in AS_WORDS.keys() | NOT_PRINTED.keys()
            and "".join(printed(value).split()) not in said
        ]
    assert missing == []
    for word in ("DRAFTENKO", "6May1991", "codetoyoure-mail", "3February2026", "Polski"):
        assert word in said, word
    assert "Password" in said and "Unusedprintedcodes" in said and "Languageofmessages" in said


def test_a_draft_alone_is_printed(app: Flask, database: Database) -> None:
    make_city(database)
    account = make_account(database)
    assert account.account_id is not None
    with database.writing() as work:
        case = service.start_case(
            work, account, account_id=account.account_id, language="en", at=NOW
        )
        service.tell_name(
            work, account, case_id=case, given_names="OLENA", family_name="KOVALENKO", at=NOW
        )
        service.tell_address(work, account, case_id=case, address=ZACHODNIA, at=NOW)
        person = queries.get_case(work.session, case).person_id
    copied = take(database, account, person)
    with app.test_request_context("/pl/"), database.reading() as session:
        content = render_copy(copied, session, title="X", language="pl", city_locale="pl")
    said = text_of(content)
    assert "KOVALENKO" in said and "Zachodnia 5/7" in said


def test_each_column_of_the_copied_tables_is_in_the_json_or_says_why_not(
    database: Database, filled: tuple[Actor, UUID]
) -> None:
    olena, person = filled
    copied = take(database, olena, person)
    told = {str(value) for _, value in leaves(copied)}
    unanswered = []
    for table in copied_tables():
        with database.reading() as session:
            rows = session.execute(select(table)).mappings().all()
        for column in table.columns:
            # Ids name rows, staff or accounts; what is sealed is in it opened.
            if isinstance(column.type, Uuid | LargeBinary) or f"{table}.{column.name}" in LEFT_OUT:
                continue
            values = [row[column.name] for row in rows if row[column.name] is not None]
            shown = {v.isoformat() if isinstance(v, date) else str(v) for v in values}
            if shown and not shown & told:
                unanswered.append(f"{table}.{column.name}")
    assert unanswered == []


def take(database: Database, actor: Actor, person_id: UUID) -> dict[str, Any]:
    with database.writing() as work:
        return service.export_person(work, actor, person_id=person_id, at=NOW + timedelta(days=1))
