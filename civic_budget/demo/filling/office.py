"""The office: members of staff with roles, passwords and sheets of codes; clerks appointed to points."""

from __future__ import annotations

from datetime import timedelta

from civic_budget.accounts import service as accounts
from civic_budget.accounts.contacts import read_contact
from civic_budget.city.queries import list_assistance_points
from civic_budget.demo import content
from civic_budget.demo.filling.town import Town
from civic_budget.demo.sign_ins import StaffSheet
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.clock import city_day
from civic_budget.residency import service as residency

HIRED_DAYS_BEFORE = 700
CODES = 20
APPOINTED_DAYS_AGO, APPOINTED_FOR = 60, timedelta(days=360)
POINTS_OF_A_CLERK = 2


def hire_staff(town: Town) -> None:
    """Open the staff's accounts; the second factor is a printed sheet, as for real staff."""
    town.progress.begin("Staff of the office")
    at = town.story.ago(days=HIRED_DAYS_BEFORE)
    for member in content.staff():
        role = Role(member.role)
        with town.database.writing() as work:
            account_id = accounts.create_staff_account(
                work,
                SYSTEM,
                contact=read_contact(member.email),
                name=member.name,
                password=town.sign_ins.staff_password,
                roles=[role],
                language=member.language,
                at=at,
            )
            codes = accounts.issue_printed_codes(
                work, SYSTEM, account_id=account_id, count=CODES, at=at
            )
        town.staff[member.key] = Actor(account_id, frozenset({role}))
        town.sign_ins.staff.append(StaffSheet(member.name, member.role, member.email, codes))
        town.progress.add()
    _appoint_clerks(town)


def _appoint_clerks(town: Town) -> None:
    """Whoever works at assistance points is appointed to the first two, for a year around now."""
    at = town.story.ago(days=APPOINTED_DAYS_AGO)
    first_on = city_day(at)
    for actor in town.staff.values():
        if not actor.has(Role.DESK) or actor.account_id is None:
            continue
        with town.database.writing() as work:
            points = list_assistance_points(work.session)[:POINTS_OF_A_CLERK]
            residency.appoint(
                work,
                SYSTEM,
                account_id=actor.account_id,
                point_ids=[point.id for point in points],
                first_on=first_on,
                last_on=first_on + APPOINTED_FOR,
                at=at,
            )
