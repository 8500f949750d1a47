"""A test client that reads every HTML page as a strict reader would, and fails on what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"meta", "link", "input", "br", "img", "hr", "source", "path", "rect", "circle", "line"}
# Words that no Polish, Ukrainian or Russian sentence has: they betray a sentence left in English.
ENGLISH = re.compile(r"\b(the|your|you|with|please|this|are|and|from|which|have)\b", re.IGNORECASE)


class Page(HTMLParser):
    """What a page holds: headings, forms, fields, ids, text by language."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lang = ""
        self.title = ""
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.own_text: list[str] = []
        self._stack: list[tuple[str, dict[str, str]]] = []
        self._buffer: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._stack.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"])
        self._note_inline(tag, values)
        self._note_words(tag, values)
        self._note_form(tag, values)

    def _note_inline(self, tag: str, values: dict[str, str]) -> None:
        if "style" in values or any(name.startswith("on") for name in values):
            self.inline.append(f"<{tag} {values}>")
        if tag == "style" or (tag == "script" and "src" not in values):
            self.inline.append(f"<{tag}>")

    def _note_words(self, tag: str, values: dict[str, str]) -> None:
        if tag == "html":
            self.lang = values.get("lang", "")
        if (tag == "title" and not self._inside("svg")) or re.fullmatch(r"h[1-5]", tag):
            self._buffer = []
        if tag == "a":
            self.links.append(values.get("href", ""))

    def _note_form(self, tag: str, values: dict[str, str]) -> None:
        if tag == "label" and "for" in values:
            self.labelled.add(values["for"])
        if tag == "form":
            self.forms.append({**values, "fields": []})
        if tag in {"input", "select", "textarea"}:
            values["_tag"] = tag
            values["_labelled"] = "yes" if self._inside("label") else ""
            self.fields.append(values)
        if tag in {"input", "select", "textarea", "button"} and self.forms:
            self.forms[-1]["fields"].append(values)

    def handle_endtag(self, tag: str) -> None:
        if self._buffer is not None and tag == "title" and not self.title:
            self.title, self._buffer = _squeeze(self._buffer), None
        elif self._buffer is not None and re.fullmatch(r"h[1-5]", tag):
            self.headings.append((int(tag[1]), _squeeze(self._buffer)))
            self._buffer = None
        while self._stack:
            open_tag, _ = self._stack.pop()
            if open_tag == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._buffer is not None:
            self._buffer.append(data)
        if not data.strip() or any(tag in {"script", "style"} for tag, _ in self._stack):
            return
        languages = [values["lang"] for _, values in self._stack if "lang" in values]
        if not languages or languages[-1] == self.lang:
            self.own_text.append(data.strip())

    def _inside(self, tag: str) -> bool:
        return any(open_tag == tag for open_tag, _ in self._stack)

    def faults(self) -> list[str]:
        """Everything that is wrong with the page, in words."""
        return [
            *self._heading_faults(),
            *self._field_faults(),
            *(f"id twice: {i}" for i in sorted(set(self.ids)) if self.ids.count(i) > 1),
            *(f"inline style or script: {where}" for where in self.inline),
            *self._english_faults(),
        ]

    def _heading_faults(self) -> list[str]:
        faults = []
        first = [text for level, text in self.headings if level == 1]
        if len(first) != 1:
            faults.append(f"{len(first)} h1 headings")
        elif first[0] not in self.title:
            faults.append(f"title {self.title!r} does not tell the h1 {first[0]!r}")
        if not self.lang:
            faults.append("no lang on <html>")
        levels = [level for level, _ in self.headings]
        for before, after in pairwise(levels):
            if after > before + 1:
                faults.append(f"heading level jumps from h{before} to h{after}")
        return faults

    def _field_faults(self) -> list[str]:
        faults = []
        for field in self.fields:
            hidden = field["_tag"] == "input" and field.get("type") in {"hidden", "submit"}
            named = field["_labelled"] or field.get("id") in self.labelled
            named = named or (field.get("type") == "image" and field.get("alt"))
            if not hidden and not named and not {"aria-label", "aria-labelledby"} & set(field):
                faults.append(f"field without a label: {field.get('name')}")
        for form in self.forms:
            names = {field.get("name") for field in form["fields"]}
            if form.get("method", "").lower() == "post" and "csrf_token" not in names:
                faults.append(f"form without a token: {form.get('action')}")
        return faults

    def _english_faults(self) -> list[str]:
        if self.lang not in {"pl", "uk", "ru"}:
            return []
        return [f"English on a {self.lang} page: {t!r}" for t in self.own_text if ENGLISH.search(t)]

    def text(self) -> str:
        """The page's own words."""
        return " ".join(self.own_text)


def _squeeze(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


@dataclass(frozen=True)
class Shown:
    """The page that a browser shows: the answer it came with, where it is, the cookie it was made for."""

    answer: TestResponse
    address: str
    cookie: str | None
    page: Page

    @property
    def token(self) -> str:
        """The token that the page's first form gives; empty where it has none."""
        fields = (field for form in self.page.forms for field in form["fields"])
        return next((f["value"] for f in fields if f.get("name") == "csrf_token"), "")


class CheckedClient(FlaskClient):
    """A client whose every HTML answer is read and checked; sends the token with every POST."""

    shown: Shown | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Fetch a page; raises AssertionError with all its faults."""
        answer = super().open(*args, **kwargs)
        # A redirect is followed by this very method: the page at its end was read already.
        if self.shown is None or self.shown.answer is not answer:
            self.shown = self._read(answer)
        return answer

    def _read(self, answer: TestResponse) -> Shown | None:
        if answer.mimetype != "text/html" or answer.status_code in {301, 302, 303, 308}:
            return None
        page, address = Page(answer.text), answer.request.full_path.rstrip("?")
        faults = page.faults()
        assert not faults, f"{answer.request.path}: " + "; ".join(faults)
        is_form = answer.request.method == "GET" and answer.status_code == 200
        return Shown(answer, address if is_form else "", self._cookie(), page)

    def _cookie(self) -> str | None:
        cookie = self.get_cookie("civic_budget")
        return cookie.value if cookie else None

    def page(self, path: str, *, status: int = 200) -> Page:
        """The page at an address."""
        response = self.get(path, follow_redirects=True)
        assert response.status_code == status, f"{path}: {response.status}"
        return self.shown.page if self.shown else Page(response.text)

    def send(
        self, path: str, data: dict[str, Any] | None = None, *, follow: bool = True, **kwargs: Any
    ) -> TestResponse:
        """Fill in the page's form and send it, with the token that the page gave.

        The page is fetched, unless the browser shows it already, as after a redirect to it.
        """
        token = self._token_at(path)
        to = kwargs.pop("to", path)
        body = {"csrf_token": token, **(data or {})}
        return self.post(to, data=body, follow_redirects=follow, **kwargs)

    def _token_at(self, path: str) -> str:
        shown = self.shown
        if shown and (shown.address, shown.cookie) == (path, self._cookie()):
            return shown.token
        # Whatever the address answers, a refusal too, is no finding here: the sending will tell.
        answer = super().open(path, method="GET", follow_redirects=True)
        return Shown(answer, "", None, Page(answer.text)).token
