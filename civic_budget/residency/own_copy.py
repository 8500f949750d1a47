"""The copy of one's own data as a readable, tagged PDF, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.labels import (
    ACTION_NAMES,
    ROAD_NAMES,
    SEX_NAMES,
    STATE_NAMES,
    country_name,
)
from civic_budget.residency.labels.clauses import CLAUSE_NAMES
from civic_budget.residency.labels.guardians import PAPER_NAMES
from civic_budget.residency.rules import CaseAction, CaseState, Road, Sex
from civic_budget.web.printing import render_pdf
from civic_budget.web.words import say_day, say_moment

Pair = tuple[str, str]


def render_copy(
    copied: dict[str, Any], districts: dict[int, str], *, language: str, city_locale: str
) -> bytes:
    """What `service.export_person` gave, in words; the JSON file holds the same for machines."""
    sections = [
        _section(gettext("You"), _who(copied, city_locale)),
        *(
            _section(gettext("Confirmation"), _confirmation(one, districts))
            for one in copied["confirmations"]
        ),
        *(
            _section(gettext("Case %(reference)s", reference=one["reference"]), _case(one))
            for one in copied["cases"]
        ),
        _section(
            gettext("What we told you about your data"), _clauses(copied["information_shown"])
        ),
    ]
    data = {
        "lang": language,
        "title": gettext("My data"),
        "lead": gettext(
            "Everything that is held about you, taken on %(moment)s.",
            moment=_moment(copied["taken_at"]),
        ),
        "foot": gettext("Civic budget"),
        "sections": [section for section in sections if section["pairs"]],
    }
    return render_pdf("own_data", data)


def _section(title: str, pairs: Sequence[Pair]) -> dict[str, Any]:
    return {"title": title, "pairs": [[name, said] for name, said in pairs if said]}


def _who(copied: dict[str, Any], locale: str) -> list[Pair]:
    known, address = copied["identity"] or {}, (copied["identity"] or {}).get("address")
    sex = copied["sex"]
    return [
        (gettext("Contact"), ", ".join(copied["contact"])),
        (gettext("Given names"), known.get("given_names", "")),
        (gettext("Family name"), known.get("family_name", "")),
        (gettext("Name in its own script"), known.get("original_name", "")),
        (gettext("Patronymic"), known.get("patronymic", "")),
        (gettext("Birth date"), _day(known.get("born_on"))),
        (gettext("Address"), HomeAddress(**address).one_line() if address else ""),
        (gettext("Sex"), str(SEX_NAMES[Sex(sex)]) if sex else ""),
        (
            gettext("Citizenship"),
            ", ".join(country_name(code, locale) for code in copied["citizenships"]),
        ),
    ]


def _confirmation(one: dict[str, Any], districts: dict[int, str]) -> list[Pair]:
    return [
        (gettext("District"), districts.get(one["district"], "")),
        (gettext("From"), _moment(one["from"])),
        (gettext("Confirmed until"), _moment(one["until"])),
        (gettext("Taken back"), _moment(one["taken_back"])),
    ]


def _case(one: dict[str, Any]) -> list[Pair]:
    signed = one["statement"]
    pairs = [
        (gettext("State"), str(STATE_NAMES[CaseState(one["state"])])),
        (gettext("Proof"), str(ROAD_NAMES[Road(one["road"])]) if one["road"] else ""),
        (gettext("Sent"), _moment(one["sent"])),
        (gettext("Signed by"), signed["signature"] if signed else ""),
        (gettext("Your message to the office"), one["your_words"]),
        (
            gettext("What you said about your district"),
            (one["district_contested"] or {}).get("your_reason", ""),
        ),
    ]
    for deed in one["history"]:
        said = f"{ACTION_NAMES[CaseAction(deed['deed'])]}. {deed['said']}".strip()
        pairs.append((_moment(deed["at"]), said))
    for file in one["documents"]:
        looks = ", ".join(_moment(at) for at in file["looked_at"]) or "–"
        name = str(PAPER_NAMES.get(file["kind"], file["kind"]))
        pairs.append((gettext("Document"), f"{name}, {_moment(file['received'])}"))
        pairs.append((gettext("Looked at by an officer"), looks))
    return pairs


def _clauses(shown: list[dict[str, Any]]) -> list[Pair]:
    return [
        (
            _moment(one["at"]),
            f"{CLAUSE_NAMES.get(one['purpose'], one['purpose'])}, {one['version']} ({one['language']})",
        )
        for one in shown
    ]


def _moment(said: str | None) -> str:
    return say_moment(datetime.fromisoformat(said)) if said else ""


def _day(said: str | None) -> str:
    return say_day(date.fromisoformat(said)) if said else ""
