"""The content of the demo city: people, streets, proposals, texts, all in files beside this one.

Each function reads its file once and returns frozen records in file order. Standard library only;
must not know the database, the web or any room.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from civic_budget.demo.content import reading
from civic_budget.demo.content.reading import words
from civic_budget.demo.content.records import (
    LANGUAGES,
    AssistancePoint,
    CostLine,
    Criterion,
    District,
    Named,
    Narrative,
    OpeningHours,
    PastAct,
    PastEdition,
    PastProject,
    Person,
    Photo,
    Place,
    Price,
    ProofKind,
    Proposal,
    RefusalReason,
    RejectionReason,
    Spot,
    StaffMember,
    Step,
    Street,
)


@cache
def city_pool_grosze() -> int:
    """The money for city-wide proposals, in grosze."""
    return int(reading.table("districts.toml")["city_pool_grosze"])


@cache
def districts() -> tuple[District, ...]:
    """Kraków's 18 districts by number."""
    return tuple(
        District(**{"residents": None, "residents_source": None, **row})
        for row in reading.table("districts.toml")["district"]
    )


@cache
def streets() -> tuple[Street, ...]:
    """Streets by district; a street that crosses a border appears once for each side."""
    return tuple(
        Street(
            district=int(row["district"]),
            name=row["street"],
            postcode=row["postcode"] or None,
            numbers_from=reading.number(row["numbers_from"]),
            numbers_to=reading.number(row["numbers_to"]),
            parity=row["parity"] or None,
        )
        for row in reading.rows("streets.csv")
    )


@cache
def places() -> tuple[Place, ...]:
    """Dormitories, hostels and shelters that have no street number of their own."""
    return tuple(
        Place(**{**row, "name": words(row["name"])})
        for row in reading.table("places.toml")["place"]
    )


@cache
def assistance_points() -> tuple[AssistancePoint, ...]:
    """The points where residents are helped in person."""
    return tuple(_point(row) for row in reading.table("assistance_points.toml")["point"])


def _point(row: dict[str, Any]) -> AssistancePoint:
    return AssistancePoint(
        **{
            **row,
            "languages": tuple(row["languages"]),
            "hours": tuple(OpeningHours(**hours) for hours in row["hours"]),
            "name": words(row["name"]),
            "note": words(row["note"]),
        }
    )


@cache
def proof_kinds() -> tuple[ProofKind, ...]:
    """The kinds of proof of residence the demo city accepts."""
    return tuple(
        ProofKind(**{**row, "name": words(row["name"]), "hint": words(row["hint"])})
        for row in reading.table("proof_kinds.toml")["kind"]
    )


@cache
def refusal_reasons() -> tuple[RefusalReason, ...]:
    """Why a residence case may be refused."""
    return tuple(
        RefusalReason(key=row["key"], sentence=words(row["sentence"]))
        for row in reading.table("refusal_reasons.toml")["reason"]
    )


@cache
def rejection_reasons() -> tuple[RejectionReason, ...]:
    """Why a proposal may be rejected."""
    return tuple(
        RejectionReason(**{**row, "sentence": words(row["sentence"])})
        for row in reading.table("rejection_reasons.toml")["reason"]
    )


@cache
def criteria() -> tuple[Criterion, ...]:
    """The formal checklist, then the merit card."""
    return tuple(
        Criterion(**{**row, "words": words(row["words"])})
        for row in reading.table("criteria.toml")["criterion"]
    )


@cache
def categories() -> tuple[Named, ...]:
    """The nine categories of proposals."""
    return tuple(
        Named(key=row["key"], name=words(row["name"]))
        for row in reading.table("categories.toml")["category"]
    )


@cache
def price_list() -> tuple[Price, ...]:
    """The demonstration price list; unit prices in grosze."""
    return tuple(
        Price(**{**row, "name": words(row["name"])})
        for row in reading.table("price_list.toml")["price"]
    )


_PERSON_OPTIONS = {
    "original_family_name": None,
    "original_given_names": None,
    "patronymic": None,
    "sex": None,
    "email": None,
    "phone": None,
    "proof_kind": None,
    "asked_for": None,
    "refusal_reason": None,
    "guardian": None,
}


@cache
def people() -> tuple[Person, ...]:
    """The invented residents."""
    return tuple(
        Person(
            **{
                **_PERSON_OPTIONS,
                **row,
                "citizenships": tuple(row["citizenships"]),
                "roles": tuple(row["roles"]),
            }
        )
        for row in reading.table("people.toml")["person"]
    )


@cache
def staff() -> tuple[StaffMember, ...]:
    """The invented office: officers, assessors, commission and the rest."""
    return tuple(
        StaffMember(**{**row, "unit": words(row["unit"]) if "unit" in row else None})
        for row in reading.table("staff.toml")["staff"]
    )


PROPOSAL_FILES = (
    "proposals/city.toml",
    "proposals/districts_1_to_9.toml",
    "proposals/districts_10_to_18.toml",
    "proposals/not_on_the_ballot.toml",
)


@cache
def proposals() -> tuple[Proposal, ...]:
    """Every proposal of the current edition: city-wide, then by district, then the failed ones."""
    return tuple(
        _proposal(row) for name in PROPOSAL_FILES for row in reading.table(name)["proposal"]
    )


def _proposal(row: dict[str, Any]) -> Proposal:
    prices = {price.key: price for price in price_list()}
    original = Narrative(**row["text"])
    return Proposal(
        key=row["key"],
        district=row.get("district"),
        author=row["author"],
        language=row["language"],
        category=row["category"],
        place=row["place"],
        places=(Spot(*row["at"]), *(Spot(*spot) for spot in row.get("also", ()))),
        costs=tuple(CostLine(prices[key], quantity) for key, quantity in row["costs"].items()),
        upkeep_grosze=row["upkeep_grosze"],
        title=words(row["title"]),
        summary=words(row["summary"]),
        original=original,
        polish=original if row["language"] == "pl" else Narrative(**row["polish"]),
        fate=row.get("fate", "admitted"),
        reason=row.get("reason"),
        decision=words(row["decision"]) if "decision" in row else None,
    )


@cache
def past_edition() -> PastEdition:
    """The edition before: its projects with points, winners and what became of them."""
    content = reading.table("past_edition.toml")
    return PastEdition(
        **{
            **content["edition"],
            "name": words(content["edition"]["name"]),
            "projects": tuple(_past_project(row) for row in content["project"]),
            "acts": tuple(_past_act(row) for row in content["act"]),
        }
    )


def _past_project(row: dict[str, Any]) -> PastProject:
    options = {"district": None}
    steps = tuple(_step(step) for step in row.get("step", ()))
    fields = {key: value for key, value in row.items() if key != "step"}
    return PastProject(**{**options, **fields, "title": words(row["title"]), "steps": steps})


def _past_act(row: dict[str, Any]) -> PastAct:
    return PastAct(
        kind=row["kind"],
        project=row.get("project", ""),
        title=row["title"],
        happened_on=row["on"],
        reason=words(row["reason"]),
    )


def _step(row: dict[str, Any]) -> Step:
    return Step(
        stage=row["stage"],
        happened_on=row["on"],
        expected_on=row.get("expected"),
        real_cost_grosze=row.get("real_cost_grosze"),
        note=words(row["note"]),
        photo=_photo(row["photo"]) if "photo" in row else None,
    )


def _photo(row: dict[str, str]) -> Photo:
    return Photo(row["scene"], words({code: row[code] for code in LANGUAGES}))


@cache
def guide(language: str) -> str:
    """The public guide in one language, as Markdown with one `#` heading."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return reading.text(f"guide.{language}.md")
