"""A home as somebody told it, found in the city's street list or described in their own words."""

from __future__ import annotations

from dataclasses import replace

from civic_budget.city.queries import find_address, is_known_street, list_districts
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.identity import HomeAddress
from civic_budget.storage.db import Work

SHORTEST_DESCRIPTION = 10


def listed_home(work: Work, address: HomeAddress) -> tuple[HomeAddress, int]:
    """The home as the city spells it, and its district: the list's, or the one told where it leaves that open.

    Raises Conflict at `street` when the city has no such street or place, at `house` when the
    number is missing (`house_missing`) or lies on no stretch, `choose_listed_district` at `district`.
    """
    found = find_address(work.session, address.street, address.house)
    if found is None:
        is_known = is_known_street(work.session, address.street)
        unclear = "unknown_house" if address.house.strip() else "house_missing"
        raise Conflict(
            unclear if is_known else "unknown_street",
            field="house" if is_known else "street",
            street=address.street,
        )
    if len(found.districts) > 1 and address.district not in found.districts:
        raise Conflict("choose_listed_district", field="district", street=found.street)
    home = HomeAddress(
        street=found.street,
        house=address.house.strip(),
        flat=address.flat.strip(),
        postcode=address.postcode.strip(),
        note=address.note.strip(),
    )
    told = [district for district in found.districts if district == address.district]
    return home, (told or found.districts)[0]


def described_home(work: Work, description: str, district: int) -> tuple[HomeAddress, int]:
    """A home that has no street in the city's list, in somebody's own words, with its district.

    Raises Conflict at `description` for too few words, at `district` for none such.
    """
    said = " ".join(description.split())
    if sum(letter.isalpha() for letter in said) < SHORTEST_DESCRIPTION:
        raise Conflict("describe_more", field="description")
    if district not in {row.number for row in list_districts(work.session)}:
        raise Conflict("choose_district", field="district")
    return HomeAddress(street=said, is_described=True, district=district), district


def home_at_desk(work: Work, address: HomeAddress) -> tuple[HomeAddress, int]:
    """A home as a desk takes it down: of the list; with a district chosen, described when not there.

    Raises Conflict `street_off_list`, `house_off_list`, `describe_at_desk` at `street` or `house`.
    """
    if address.district is not None and _is_off_list(work, address):
        told = replace(address, district=None).one_line()
        try:
            return described_home(work, told, address.district)
        except Conflict as wrong:
            if wrong.code != "describe_more":
                raise
            raise Conflict("describe_at_desk", field="street") from wrong
    try:
        return listed_home(work, address)
    except Conflict as wrong:
        codes = {"unknown_street": "street_off_list", "unknown_house": "house_off_list"}
        raise Conflict(
            codes.get(wrong.code, wrong.code), field=wrong.field, street=address.street
        ) from wrong


def _is_off_list(work: Work, address: HomeAddress) -> bool:
    """Whether the list cannot know this home. A listed street without any number is a slip."""
    if find_address(work.session, address.street, address.house) is not None:
        return False
    return bool(address.house.strip()) or not is_known_street(work.session, address.street)
