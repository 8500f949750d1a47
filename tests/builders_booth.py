"""A voter in front of a browser: signed in, with a person and a round that takes votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.actor import Actor
from civic_budget.storage.db import Database
from tests.builders import sign_in_as
from tests.builders_residency import make_resident
from tests.builders_voting import HOMES
from tests.pages import CheckedClient, Page


@dataclass
class Voter:
    """A resident and the browser they vote with."""

    client: CheckedClient
    actor: Actor
    person_id: UUID
    language: str = "en"

    def at(self, path: str) -> str:
        """An address in the voter's language."""
        return f"/{self.language}{path}"

    def begin(self, nonce: str = "") -> None:
        """Open the booth."""
        start, begin = self.at("/vote"), self.at("/vote/begin")
        self.client.send(start, {"voter": str(self.person_id), "nonce": nonce}, to=begin)

    def press(self, level: str, **values: str) -> str:
        """One press on a list; the page that follows."""
        return self.client.send(self.at(f"/vote/list/{level}"), values).text

    def mark(self, district: int = 8, picks: Sequence[int] = (1, 2, 3)) -> None:
        """Put projects on both lists, best first."""
        for number in picks:
            self.press("district", add=f"BO.D{district}.{number}/26")
        for number in picks:
            self.press("city", add=f"BO.OM.{number}/26")

    def shown(self) -> str:
        """What the check page carries to name the ballot that it shows."""
        page = Page(self.client.get(self.at("/vote/check")).text)
        return next(f["value"] for f in page.fields if f.get("name") == "shown")

    def cast(self, shown: str | None = None) -> str:
        """Press "cast"; the page that follows."""
        check = self.at("/vote/check")
        return self.client.send(check, {"shown": shown or self.shown()}).text


def make_voter_in_booth(
    database: Database, client: CheckedClient, *, language: str = "en", district: int = 8
) -> Voter:
    """A confirmed resident, signed in."""
    actor, person_id = make_resident(database, address=HOMES[district])
    sign_in_as(client, database, actor)
    return Voter(client, actor, person_id, language)
