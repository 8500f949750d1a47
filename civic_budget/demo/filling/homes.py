"""Homes that are not plain: a student in a hall of residence, a district that a resident contests."""

from __future__ import annotations

from datetime import date

from civic_budget.demo.filling.residents import confirm_waiting, open_account
from civic_budget.demo.filling.town import Town
from civic_budget.demo.sign_ins import ResidentLine
from civic_budget.kernel.actor import Actor
from civic_budget.residency import service as residency
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.queries import find_last_case

STUDENT = Identity("AARAV", "SHAH", date(2004, 8, 19), original_name="आरव शाह")
HALL = HomeAddress("Miasteczko Studenckie AGH")
CONTACT = "aarav.shah@example.org"
CONTESTING, WANTED = "dmitri-sokolov", 9
REASON = "Вход в дом и почтовый ящик с другой стороны, там уже Лагевники."


def fill_homes(town: Town) -> None:
    """A student whose hall is in the list by its name; a resident who says that the list is wrong."""
    at = town.story.ago(days=3)
    account_id = open_account(town, CONTACT, "en", at)
    with town.database.writing() as work:
        case_id = residency.register_person(
            work,
            Actor(account_id),
            account_id=account_id,
            identity=STUDENT,
            address=HALL,
            language="en",
            at=at,
        )
        confirm_waiting(town, work, [case_id], at)
    town.sign_ins.residents.append(
        ResidentLine("Aarav Shah", CONTACT, "district 5, en, lives in a hall of residence")
    )
    resident = town.residents[CONTESTING]
    with town.database.writing() as work:
        case = find_last_case(work.session, resident.person_id)
        if case is not None and case.state in residency.CONTESTABLE:
            residency.contest_district(
                work,
                Actor(resident.account_id),
                case_id=case.id,
                wanted=WANTED,
                reason=REASON,
                at=at,
            )
