"""The demo city is Kraków-shaped, and every key in its files leads somewhere."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter

import pytest

from civic_budget.demo import content
from civic_budget.demo.content.records import LANGUAGES, Person, Place, Street, Words
from civic_budget.kernel.actor import Role


def all_words(record: object) -> list[Words]:
    values = [getattr(record, field.name) for field in dataclasses.fields(record)]  # type: ignore[arg-type]
    return [value for value in values if isinstance(value, Words)]


def test_pools_of_2025_add_up_twenty_to_eighty() -> None:
    in_districts = sum(district.pool_grosze for district in content.districts())
    assert in_districts == 4_080_000_000
    assert in_districts + content.city_pool_grosze() == 5_100_000_000
    assert content.city_pool_grosze() * 4 == in_districts


def test_districts_are_numbered_one_to_eighteen() -> None:
    assert [district.number for district in content.districts()] == list(range(1, 19))
    romans = ",".join(district.roman for district in content.districts())
    assert romans == "I,II,III,IV,V,VI,VII,VIII,IX,X,XI,XII,XIII,XIV,XV,XVI,XVII,XVIII"


def test_every_district_has_streets_to_choose_from() -> None:
    per_district = Counter(street.district for street in content.streets())
    assert set(per_district) == set(range(1, 19))
    assert min(per_district.values()) >= 15


def test_streets_across_a_border_leave_it_open_as_nobody_named_the_numbers() -> None:
    by_name: dict[str, list[Street]] = {}
    for street in content.streets():
        by_name.setdefault(street.name, []).append(street)
    for name, parts in by_name.items():
        assert len({part.district for part in parts}) == len(parts), name
        assert all(part.holds(house) for part in parts for house in (1, 400)), name
    assert len(by_name["Wielicka"]) == 3


def test_every_text_is_there_in_four_languages() -> None:
    records: list[object] = [
        *content.places(),
        *content.assistance_points(),
        *content.proof_kinds(),
        *content.refusal_reasons(),
        *content.rejection_reasons(),
        *content.criteria(),
        *content.categories(),
        *content.price_list(),
    ]
    cyrillic = re.compile("[а-яіїєґ]", re.IGNORECASE)
    for record in records:
        assert all_words(record), record
        for words in all_words(record):
            assert all(words.in_language(language).strip() for language in LANGUAGES)
            assert cyrillic.search(words.uk) and cyrillic.search(words.ru), words
            assert not cyrillic.search(words.pl + words.en), words
            assert not re.search("[ыэъё]", words.uk), words
            assert not re.search("[іїєґ]", words.ru), words


@pytest.mark.parametrize(
    "records",
    [
        content.places(),
        content.assistance_points(),
        content.proof_kinds(),
        content.refusal_reasons(),
        content.rejection_reasons(),
        content.criteria(),
        content.categories(),
        content.price_list(),
        content.people(),
        content.staff(),
    ],
    ids=lambda records: type(records[0]).__name__,
)
def test_keys_are_unique_and_fit_an_address_bar(
    records: tuple[Person | Place, ...],
) -> None:
    keys = [record.key for record in records]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", key) for key in keys)


def test_people_live_on_known_streets_in_their_district() -> None:
    for person in content.people():
        parts = [street for street in content.streets() if street.name == person.street]
        found = {street.district for street in parts if street.holds(int(person.number))}
        assert person.district in found, person.key


def test_people_are_many_and_of_many_nationalities() -> None:
    people = content.people()
    assert 60 <= len(people) <= 80
    only_polish = [person for person in people if person.citizenships == ("PL",)]
    assert 0.35 <= len(only_polish) / len(people) <= 0.45
    codes = {code for person in people for code in person.citizenships}
    assert {"PL", "UA", "BY", "IN", "IT", "VN", "GE", "TR", "RU", "ES", "GB", "DE", "NG"} <= codes
    assert "stateless" in codes
    assert any(len(person.citizenships) > 1 for person in people)
    assert any(not person.citizenships for person in people)


def test_latin_names_are_written_as_in_a_machine_readable_line() -> None:
    for person in content.people():
        assert re.fullmatch(r"[A-Z]+( [A-Z]+)*", person.family_name), person.key
        assert re.fullmatch(r"[A-Z]+( [A-Z]+)*", person.given_names), person.key


def test_contacts_belong_to_nobody() -> None:
    for person in content.people():
        assert person.email is None or person.email.endswith("@example.org")
        assert person.phone is None or re.fullmatch(r"\+48 600 000 \d{3}", person.phone)
    for point in content.assistance_points():
        assert point.phone.startswith("+48 12 000 00 ")
    contacts = [person.email or person.phone for person in content.people()]
    given = [contact for contact in contacts if contact]
    assert len(set(given)) == len(given)


def test_standing_names_what_it_needs_to() -> None:
    kinds = {kind.key for kind in content.proof_kinds()}
    reasons = {reason.key for reason in content.refusal_reasons()}
    for person in content.people():
        assert person.standing in {"confirmed", "awaiting", "needs_more", "refused"}
        assert (person.proof_kind in kinds) == (person.proof_road in {"upload", "desk"})
        assert (person.standing == "needs_more") == (person.asked_for in kinds)
        assert (person.standing == "refused") == (person.refusal_reason in reasons)
        assert person.standing == "confirmed" or not person.roles
    standings = Counter(person.standing for person in content.people())
    assert set(standings) == {"confirmed", "awaiting", "needs_more", "refused"}


def test_a_guardian_is_an_adult_at_the_same_address() -> None:
    people = {person.key: person for person in content.people()}
    children = [person for person in people.values() if person.guardian]
    assert children
    for child in children:
        guardian = people[child.guardian or ""]
        assert guardian.born_on.year + 18 <= child.born_on.year
        assert (guardian.street, guardian.number) == (child.street, child.number)
        assert child.email is None and child.phone is None


def test_the_office_is_complete() -> None:
    roles = Counter(member.role for member in content.staff())
    assert roles == {
        "officer": 3,
        "assessor": 3,
        "coordinator": 1,
        "editor": 1,
        "analyst": 1,
        "commission": 3,
        "administrator": 1,
        "helpdesk": 1,
        "desk": 1,
        "clerk": 2,
    }
    assert set(roles) <= {role.value for role in Role}
    assert all(
        (member.unit is not None) == (member.role == "assessor") for member in content.staff()
    )


def test_some_proofs_need_no_landlord() -> None:
    free = {kind.key for kind in content.proof_kinds() if not kind.needs_landlord}
    assert {
        "school_letter",
        "clinic_letter",
        "ngo_letter",
        "bill_transfer",
        "employer_certificate",
        "university_certificate",
        "dormitory_certificate",
        "posted_code",
    } <= free


def test_rejections_cite_a_criterion_and_two_formal_faults_are_final() -> None:
    criteria = {criterion.key: criterion for criterion in content.criteria()}
    assert all(reason.criterion in criteria for reason in content.rejection_reasons())
    final = {
        key
        for key, criterion in criteria.items()
        if criterion.stage == "formal" and not criterion.correctable
    }
    assert final == {"on_time", "no_offence"}
    assert len(content.categories()) == 9
