"""What can be followed by whom, and the shape of a feed (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from uuid import uuid4
from xml.etree import ElementTree

from civic_budget.kernel.actor import Actor, Role
from civic_budget.news.feeds import Entry, Feed, write_feed
from civic_budget.news.rules import Subject, may_follow, subject_of

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def test_only_residents_follow_public_proposals_of_real_editions_that_are_not_theirs() -> None:
    resident, official = Actor(uuid4()), Actor(uuid4(), frozenset({Role.OFFICER}))
    for actor, public, training, own in product(
        (resident, official, Actor()), *[(True, False)] * 3
    ):
        allowed = actor is resident and public and not training and not own
        assert bool(may_follow(actor, is_public=public, is_training=training, is_author=own)) is (
            allowed
        )


def test_a_subject_survives_its_key() -> None:
    edition = uuid4()
    for subject in (
        Subject(edition),
        Subject(edition, "d08"),
        Subject(edition, proposal_id=uuid4()),
    ):
        assert subject_of(edition, subject.key) == subject
        assert subject.is_wide is (subject.proposal_id is None)


def _feed(*entries: Entry) -> Feed:
    return Feed(
        key="edition/1",
        language="uk",
        host="example.org",
        title="Цикл 2026",
        author="Управління",
        url="https://example.org/uk/editions/2026/news",
        self_url="https://example.org/uk/editions/2026/news.atom",
        begun_at=NOW,
        entries=entries,
    )


def test_a_feed_says_what_the_standard_asks_and_the_same_news_give_the_same_bytes() -> None:
    entry = Entry(
        key="step-1",
        title="BO.D8.3/26 <Лавки> & ліхтарі: Завершено",
        url="https://example.org/uk/proposals/1",
        published_at=NOW,
        updated_at=NOW.replace(hour=12),
        summary="",
        category="stage.finished",
    )
    document = write_feed(_feed(entry))
    assert document == write_feed(_feed(entry))
    root = ElementTree.fromstring(document)
    assert [child.tag.removeprefix(ATOM) for child in root] == [
        *("id", "title", "updated", "author", "link", "link", "entry")
    ]
    assert root.findtext(f"{ATOM}id") == "tag:example.org,2026:uk/edition/1"
    assert root.findtext(f"{ATOM}updated") == "2026-05-04T12:00:00Z"
    (one,) = root.findall(f"{ATOM}entry")
    assert one.findtext(f"{ATOM}id") == "tag:example.org,2026:uk/step-1"
    assert one.findtext(f"{ATOM}title") == entry.title
    assert one.findtext(f"{ATOM}published") == "2026-05-04T10:00:00Z"
    empty = ElementTree.fromstring(write_feed(_feed()))
    assert empty.findtext(f"{ATOM}updated") == "2026-05-04T10:00:00Z"
