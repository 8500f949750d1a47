"""A server whose secrets are not those of the vote takes none, and says so."""

from __future__ import annotations

from sqlalchemy import select

from civic_budget.storage.db import Database
from civic_budget.voting.models import EnvelopeRow
from tests.builders_booth import make_voter_in_booth
from tests.builders_voting import make_round
from tests.pages import CheckedClient, Page


def test_a_server_without_the_rounds_secrets_takes_no_votes(
    database: Database, client: CheckedClient
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    with database.writing() as work:
        path = work.instance / "rounds" / f"{opened.id}.json"
    path.chmod(0o644)
    client.page(voter.at("/vote"), status=503)


def test_a_running_server_takes_no_vote_with_another_key(
    database: Database, client: CheckedClient
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    check = voter.at("/vote/check")
    page = Page(client.get(check).text)
    ready = {f["name"]: f["value"] for f in page.fields if f.get("name") in ("shown", "csrf_token")}
    with database.writing() as work:
        path = work.instance / "rounds" / f"{opened.id}.json"
    content = path.read_text()
    path.write_text(content.replace(opened.secrets.k_tag.hex(), "00" * 32))
    assert "so it takes none" in client.post(check, data=ready).text
    with database.reading() as session:
        assert session.scalar(select(EnvelopeRow)) is None
    path.write_text(content)
    voter.cast(ready["shown"])
    with database.reading() as session:
        assert session.scalar(select(EnvelopeRow)) is not None
