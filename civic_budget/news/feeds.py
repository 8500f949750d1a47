"""An Atom feed (RFC 4287) of news, with ids that never change. It names no person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MINTED_ON = "2026"  # the year of the scheme of ids (RFC 4151); it never changes


@dataclass(frozen=True)
class Entry:
    """One entry of a feed; `category` is the kind of news as a code."""

    key: str
    title: str
    url: str
    published_at: datetime
    updated_at: datetime
    summary: str
    category: str


@dataclass(frozen=True)
class Feed:
    """A feed in one language; `key` names it for ever, `begun_at` dates it while it is empty."""

    key: str
    language: str
    host: str
    title: str
    author: str
    url: str
    self_url: str
    begun_at: datetime
    entries: Sequence[Entry]


def write_feed(feed: Feed) -> bytes:
    """The feed as a document: the same news give the same bytes."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed", {XML_LANG: feed.language})
    _say(root, "id", _tag(feed, feed.key))
    _say(root, "title", feed.title)
    latest = max((one.updated_at for one in feed.entries), default=feed.begun_at)
    _say(root, "updated", _moment(latest))
    author = ElementTree.SubElement(root, f"{{{ATOM}}}author")
    _say(author, "name", feed.author)
    _link(root, "self", feed.self_url, "application/atom+xml")
    _link(root, "alternate", feed.url, "text/html")
    for one in feed.entries:
        _add_entry(root, feed, one)
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add_entry(root: ElementTree.Element, feed: Feed, one: Entry) -> None:
    entry = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
    _say(entry, "id", _tag(feed, one.key))
    _say(entry, "title", one.title)
    _say(entry, "published", _moment(one.published_at))
    _say(entry, "updated", _moment(one.updated_at))
    ElementTree.SubElement(entry, f"{{{ATOM}}}category", {"term": one.category})
    _link(entry, "alternate", one.url, "text/html")
    _say(entry, "summary", one.summary or one.title)


def _say(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = words


def _link(parent: ElementTree.Element, rel: str, url: str, kind: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": url, "type": kind})


def _tag(feed: Feed, key: str) -> str:
    return f"tag:{feed.host},{MINTED_ON}:{feed.language}/{key}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
