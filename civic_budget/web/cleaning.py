"""What is sent is cleaned before anybody reads it: no untypable characters, no boundless numbers.

A NUL is an error to PostgreSQL and to a PDF, an override of the writing direction lets a name look like
another, and a page number of twenty digits fits no database. None of them carries a meaning that
somebody could lose, so they are taken out (or, in an address, nowhere to be found) instead of refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import Flask, Request, abort, request
from werkzeug import routing
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

# Controls but tab and line ends; the two overrides of direction; what is no character at all.
NOT_TYPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufffe\uffff]")
# The largest number of PostgreSQL's `integer`, the smallest kind of column that a number goes to.
MOST = 2**31 - 1


class CleanRequest(Request):
    """A request whose typed texts hold only characters that can be typed."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """The values of the address, cleaned."""
        return _clean(super().args.items(multi=True))

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = _clean(self.__dict__["form"].items(multi=True))


class IntegerConverter(routing.IntegerConverter):
    """Whole numbers in addresses that a column can hold; a larger one is an unknown address."""

    def __init__(self, map: routing.Map) -> None:
        super().__init__(map, max=MOST)


def install_cleaning(app: Flask) -> None:
    """Use it for every request; call before routes are added."""
    app.request_class = CleanRequest
    app.url_map.converters["int"] = IntegerConverter

    @app.before_request
    def refuse_odd_paths() -> None:
        if NOT_TYPED.search(request.path):
            abort(404)


def asked_number(name: str, *, least: int = 1, most: int = MOST) -> int | None:
    """A whole number of the address between two bounds; None when it is absent or no such number."""
    found = request.args.get(name, type=int)
    return found if found is not None and least <= found <= most else None


def sent_number(name: str) -> int | None:
    """A whole number that a form sent, from 0; None when it is absent or no such number."""
    found = request.form.get(name, type=int)
    return found if found is not None and 0 <= found <= MOST else None


def asked_page() -> int:
    """The page of a list that the address asks for, from 1; 1 for anything else."""
    return asked_number("page", most=1_000_000) or 1


def _clean(pairs: Iterable[tuple[str, str]]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict((key, NOT_TYPED.sub("", value)) for key, value in pairs)
