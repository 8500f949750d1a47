"""The office: members of staff with their roles, passwords and sheets of printed codes."""

from __future__ import annotations

from civic_budget.accounts import service as accounts
from civic_budget.accounts.contacts import read_contact
from civic_budget.demo import content
from civic_budget.demo.filling.town import Town
from civic_budget.demo.sign_ins import StaffSheet
from civic_budget.kernel.actor import SYSTEM, Actor, Role

HIRED_DAYS_BEFORE = 700
CODES = 20


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
