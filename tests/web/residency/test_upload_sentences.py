"""Hostile and broken files are answered by the right sentence in each language, and nothing stays."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask_babel import force_locale

from civic_budget.config import LANGUAGES
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import queries, service
from civic_budget.residency.intake import Reason
from civic_budget.residency.labels import say_refusal
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, sign_in_as
from tests.conftest import NOW
from tests.pages import CheckedClient
from tests.unit.residency import hostile_files as made

OTHERS = ("infected", "scanner_silent", "too_many_files", "unknown_proof", "vault_missing")


def test_every_reason_has_a_sentence_of_its_own_in_every_language(app: Flask) -> None:
    with app.test_request_context("/"):
        said = {}
        for language in LANGUAGES:
            with force_locale(language):
                nothing = say_refusal(DomainError("no such reason"))
                sentences = [say_refusal(DomainError(code)) for code in (*Reason, *OTHERS)]
            assert nothing not in sentences
            assert len(set(sentences)) == len(sentences)
            said[language] = sentences
        for language in set(LANGUAGES) - {"en"}:
            assert not set(said[language]) & set(said["en"])


CORPUS = [
    ("pl", made.locked_document(), "umowa.pdf", "chroniony hasłem"),
    ("en", made.document()[:200], "lease.pdf", "damaged or cut off"),
    ("uk", made.picture(size=(1, 1)), "фото.png", "таке мале"),
    ("ru", made.picture(size=(20_000, 10_000), mode="1"), "фото.png", "слишком"),
    ("en", b"PK\x03\x04" + made.document(), "lease.pdf", "document of an office program"),
    ("uk", b"7z\xbc\xaf" + bytes(90), "договір.pdf", "Це архів"),
    ("ru", b"<svg>" + made.document(), "договор.pdf", "не можем прочитать"),
    ("pl", made.heic_claiming(20_000, 10_000), "IMG_1.HEIC", "za duże"),
    ("pl", made.picture("PNG"), "zdjecie.exe", "co innego niż jego zawartość"),
]


@pytest.mark.parametrize(("language", "data", "name", "words"), CORPUS)
def test_the_upload_page_says_what_is_wrong_and_keeps_nothing(
    client: CheckedClient, database: Database, language: str, data: bytes, name: str, words: str
) -> None:
    make_city(database)
    account = make_account(database)
    sign_in_as(client, database, account)
    assert account.account_id is not None
    with database.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language=language, at=NOW
        )
    with database.reading() as session:
        reference = queries.get_case(session, case_id).reference
    path = f"/{language}/residence/{reference}/documents/add"
    answer = client.send(
        path,
        {"kind": "lease", "file": (BytesIO(data), name)},
        content_type="multipart/form-data",
    )
    error = answer.text[answer.text.index('id="file-error"') :][:600]
    assert words in error, error
    with database.reading() as session:
        assert queries.list_evidence(session, case_id) == []
