"""The pages on which the city sets residence."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from civic_budget.kernel.actor import Role
from civic_budget.residency.limits import Group, Limits, names_in
from civic_budget.residency.queries import get_limits
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.pages import CheckedClient

OVERVIEW = "/en/office/residence-settings"


def filled(group: Group, **typed: str) -> dict[str, str]:
    """A group's form as it stands by default, with some fields typed over."""
    return {name: str(getattr(Limits(), name)) for name in names_in(group)} | typed


def test_a_coordinator_sets_deadlines_and_the_trail_says_so(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    coordinator = make_staff(database, Role.COORDINATOR)
    sign_in_as(client, database, coordinator)
    for lang in ("pl", "en", "uk", "ru"):
        assert client.get(f"/{lang}/office/residence-settings").status_code == 200
        for group in Group:
            assert client.get(f"/{lang}/office/residence-settings/{group}").status_code == 200
    saved = client.send(f"{OVERVIEW}/deadlines", filled(Group.DEADLINES, decide_days="20"))
    assert "Saved." in saved.text
    with database.reading() as session:
        assert get_limits(session).decide_days == 20
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.deed == "SettingChanged"))
    assert entry.by == coordinator.account_id
    assert entry.subjects == {"name": "decide_days", "before": "30", "after": "20"}


def test_nonsense_is_told_at_its_field_and_nothing_typed_is_lost(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    sign_in_as(client, database, make_staff(database, Role.ADMINISTRATOR))
    answer = client.send(
        f"{OVERVIEW}/deadlines", filled(Group.DEADLINES, decide_days="300", appeal_days="21")
    )
    assert "Write a number from 1 to 90." in answer.text
    assert 'value="300"' in answer.text and 'value="21"' in answer.text
    young = client.send(
        f"{OVERVIEW}/guardians", filled(Group.GUARDIANS, guardian_youngest_age="15")
    )
    assert "must be above the youngest age" in young.text
    with database.reading() as session:
        assert (get_limits(session).decide_days, get_limits(session).appeal_days) == (30, 14)


def test_nobody_else_finds_the_settings(
    new_client: Callable[[], CheckedClient], database: Database
) -> None:
    make_city(database)
    for stranger in (make_staff(database, Role.OFFICER), make_account(database)):
        browser = new_client()
        sign_in_as(browser, database, stranger)
        assert browser.get(OVERVIEW).status_code == 403
        assert browser.get(f"{OVERVIEW}/deadlines").status_code == 403
