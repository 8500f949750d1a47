"""Printed cards and slips as a screen reader and a clerk meet them: each word in its language."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pypdfium2
from flask import Flask
from pypdfium2 import raw

from civic_budget.voting.choice import BallotRule, Kind
from civic_budget.voting.printed.cards import (
    CardList,
    Said,
    SlipFacts,
    in_both,
    render_cards,
    render_slip,
)
from civic_budget.voting.views.paper_office import titles_on_card
from civic_budget.voting.views.words import BallotProject

KRAKOW = BallotRule(Kind.POINTS, points=(3, 2, 1), min_picks=3)
SERIALS = ("7" * 16, "8" * 16)


class Word(NamedTuple):
    """A run of printed words: on which page, in which language, how light (0 is black)."""

    page: int
    language: str
    light: int
    words: str


def words_of(content: bytes) -> list[Word]:
    """All words of a sheet, each with the language that is told to a screen reader."""
    with closing(pypdfium2.PdfDocument(content)) as sheet:
        return [word for n, page in enumerate(sheet) for word in _on_page(n, page)]


def _on_page(number: int, page: pypdfium2.PdfPage) -> Iterator[Word]:
    text, tree, told = page.get_textpage(), raw.FPDF_StructTree_GetForPage(page), {}
    for child in range(raw.FPDF_StructTree_CountChildren(tree)):
        _read_structure(raw.FPDF_StructTree_GetChildAtIndex(tree, child), "pl", told)
    for found in page.get_objects(max_depth=5):
        place = raw.FPDFPageObj_GetMarkedContentID(found)
        if found.type == raw.FPDF_PAGEOBJ_TEXT and place >= 0:  # else it is furniture
            size = raw.FPDFTextObj_GetText(found, text, None, 0)
            said = (ctypes.c_ushort * (size // 2))()
            raw.FPDFTextObj_GetText(found, text, said, size)
            colour = [ctypes.c_uint() for _ in range(4)]
            raw.FPDFPageObj_GetFillColor(found, *colour)
            words = bytes(said)[:-2].decode("utf-16-le").strip()
            yield Word(number, _mark(found) or told[place], colour[0].value, words)


def _read_structure(element: Any, language: str, told: dict[int, str]) -> None:
    """The language of each marked run, as paragraphs and what holds them say it."""
    size = raw.FPDF_StructElement_GetLang(element, None, 0)
    if size > 2:
        said = (ctypes.c_ushort * (size // 2))()
        raw.FPDF_StructElement_GetLang(element, said, size)
        language = bytes(said)[:-2].decode("utf-16-le")
    for number in range(max(0, raw.FPDF_StructElement_CountChildren(element))):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            _read_structure(child, language, told)
        else:
            told[raw.FPDF_StructElement_GetChildMarkedContentID(element, number)] = language


def _mark(found: pypdfium2.PdfObject) -> str:
    """The language of a run of words of its own; empty without one."""
    for number in range(raw.FPDFPageObj_CountMarks(found)):
        mark = raw.FPDFPageObj_GetMark(found, number)
        said, size = (ctypes.c_ushort * 20)(), ctypes.c_ulong()
        raw.FPDFPageObjMark_GetParamStringValue(mark, b"Lang", said, 40, size)
        if size.value > 2:
            return bytes(said)[: size.value - 2].decode("utf-16-le")
    return ""


def a_list(projects: int) -> CardList:
    """Every third project has no second title; number 2 has no Polish one."""
    listed: list[tuple[str, Said]] = []
    for n in range(1, projects + 1):
        polish, second = ("pl", f"Zielony skwer {n}"), ("uk", f"Зелений сквер {n}")
        listed.append((str(n), [second] if n == 2 else [polish, second][: 2 - (n % 3 == 0)]))
    return CardList("city", [("pl", "Całe miasto"), ("uk", "Усе місто")], KRAKOW, listed)


def cards(app: Flask, projects: int, serials: Sequence[str] = SERIALS) -> list[Word]:
    with app.test_request_context("/pl"):
        content = render_cards(
            serials,
            [a_list(projects)],
            district=[("pl", "VIII Dębniki")],
            language="uk",
            board_url="http://localhost/board",
        )
    return words_of(content)


def is_in_place(words: Sequence[Word]) -> bool:
    """Whether every run of Cyrillic is told as Ukrainian, and no Latin word is."""
    return all(
        (word.language == "uk") == bool(re.search("[а-яєії]", word.words, re.IGNORECASE))
        for word in words
        if re.search("[^\\W\\d_]{3}", word.words)
    )


def test_every_word_on_card_and_slip_is_told_in_its_own_language(app: Flask) -> None:
    on_cards = cards(app, 7)
    with app.test_request_context("/pl"):
        at = datetime(2026, 10, 5, tzinfo=UTC)
        facts = SlipFacts("Oksana Kowal", "R-1", "VIII Dębniki", "")
        on_slip = words_of(render_slip(facts, language="uk", at=at))
    for words in (on_cards, on_slip):
        assert {word.language for word in words} == {"pl", "uk"}
        assert is_in_place(words), [word for word in words if not is_in_place([word])]
    assert any(word.words == "Бюлетень" for word in on_cards)
    line = " ".join(word.words for word in on_cards if word.page == 0)
    assert "Numer karty / Номер бюлетеня :" in line
    assert "karty:" not in line


def test_the_second_title_stands_grey_beneath_the_first(app: Flask) -> None:
    on_back = [word for word in cards(app, 7, SERIALS[:1]) if word.page == 1]
    titles = {
        word.words: word for word in on_back if "skwer" in word.words or "сквер" in word.words
    }
    first, second = titles["Zielony skwer 1"], titles["Зелений сквер 1"]
    assert (first.language, first.light) == ("pl", 0)
    assert (second.language, second.light > 60) == ("uk", True)
    authors = titles["Зелений сквер 2"]  # the author's words, where nobody approved Polish ones
    assert (authors.language, authors.light) == ("uk", 0)
    assert "Zielony skwer 3" in titles
    assert "Зелений сквер 3" not in titles


def test_a_long_list_goes_on_behind_and_no_project_is_lost(app: Flask) -> None:
    found = cards(app, 64)
    starts = [word.page for word in found if word.words.replace("-", "") in SERIALS]
    assert starts[0] == 0
    assert starts[1] % 2 == 0, "each card begins on the front of a sheet"
    for begin, end in zip(starts, [starts[1], 99], strict=True):
        numbers = [
            int(word.words) for word in found if begin < word.page < end and word.words.isdigit()
        ]
        assert [n for n in numbers if n <= 64][:64] == list(range(1, 65))
        pages = {w.page for w in found if begin < w.page < end and "skwer" in w.words}
        assert len(pages) == 2


def shown(title: str, lang: str = "") -> BallotProject:
    """A project as a list shows it; `lang` where its words are not in the language asked for."""
    empty = dict.fromkeys(["summary", "description", "place", "cost", "category", "search"], "")
    return BallotProject(id="1", number="1", title=title, lang=lang, grosze=1, **empty)


def test_the_authors_words_are_told_as_what_they_are_where_no_polish_ones_were_approved() -> None:
    authors = shown("Сквер", lang="uk")
    assert titles_on_card(authors, shown("Сквер"), "uk") == [("uk", "Сквер")]
    assert titles_on_card(authors, shown("Сквер по-русски"), "ru")[0] == ("uk", "Сквер")
    both = [("pl", "Skwer"), ("uk", "Сквер")]
    assert titles_on_card(shown("Skwer"), shown("Сквер"), "uk") == both
    assert titles_on_card(shown("Skwer"), shown("Skwer", lang="pl"), "uk") == both[:1]


def test_words_that_are_the_same_in_both_languages_stand_once(app: Flask) -> None:
    with app.test_request_context("/pl"):
        assert in_both(lambda: "XVIII", "uk") == [("pl", "XVIII")]
        assert in_both(lambda: "XVIII", "pl") == [("pl", "XVIII")]
