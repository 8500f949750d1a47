"""What is said of voting: the page of the platform and the one in docs say the same; named tests exist."""

from __future__ import annotations

import html
import re

import pytest

from civic_budget.config import LANGUAGES
from civic_budget.paths import ROOT

PROMISE = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _words(text: str) -> str:
    """The bare words: no marks of either format."""
    text = re.sub(r"\{#.*?#\}|<[^>]+>", " ", text)
    return " ".join(re.sub(r"[*`]", " ", html.unescape(text)).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_everyone_is_the_same_in_docs_and_on_the_platform(language: str) -> None:
    name = "voting.md" if language == "en" else f"voting.{language}.md"
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    page = (ROOT / "templates" / "voting" / "secrecy" / f"{language}.html").read_text("utf-8")
    begins = text.index("**", text.index("## For everyone") if language == "en" else 0)
    told = text[begins:].split("\n## ")[0]
    assert _words(told) == _words(page)


def test_every_promise_of_the_vote_names_a_test_that_exists() -> None:
    promised = PROMISE.findall((ROOT / "docs" / "voting.md").read_text(encoding="utf-8"))
    assert len(promised) > 30
    absent = [
        f"{path}::{name}"
        for path, name in promised
        if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert absent == []
