"""Families beside those with names: a second guardian who is told, a claim that waits for an officer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from civic_budget.demo.content import reading
from civic_budget.demo.filling.assisting import register_told, told_identity
from civic_budget.demo.filling.residents import confirm_waiting
from civic_budget.demo.filling.town import Town
from civic_budget.kernel.actor import Actor, Role
from civic_budget.residency import service as residency
from civic_budget.residency.guardian_rules import AT_DESK
from civic_budget.residency.queries import list_ties

REGISTERED_DAYS_AGO, CLAIMED_AFTER = 12, timedelta(days=5)


def join_families(town: Town) -> None:
    """Each guardian of `assisting.toml` is confirmed, then claims their child."""
    town.progress.begin("Families")
    at = town.story.ago(days=REGISTERED_DAYS_AGO)
    for row in reading.table("assisting.toml")["guardian"]:
        about = "claims a child, waits for an officer"
        if row["is_second"]:
            about = "second guardian: is told, the other one acts"
        actor, case_id = register_told(town, row, about=about, at=at)
        with town.database.writing() as work:
            confirm_waiting(town, work, [case_id], at + timedelta(hours=20))
        claimed = _claim(town, actor, row, at + CLAIMED_AFTER)
        if row["is_second"]:
            _accept_second(town, actor, claimed, at + CLAIMED_AFTER + timedelta(days=1))
        town.progress.add()


def _claim(town: Town, actor: Actor, row: dict[str, Any], at: datetime) -> UUID:
    """Question by question, as on the pages; the paper will be shown at a point."""
    assert actor.account_id is not None
    child = row["child"]
    with town.database.writing() as work:
        case_id = residency.claim_child(
            work,
            actor,
            account_id=actor.account_id,
            proof=AT_DESK,
            language=row["language"],
            at=at,
        )
        residency.tell_name(
            work,
            actor,
            case_id=case_id,
            given_names=child["given_names"],
            family_name=child["family_name"],
            at=at,
        )
        residency.tell_birth_date(work, actor, case_id=case_id, born_on=child["born_on"], at=at)
        residency.tell_sex(work, actor, case_id=case_id, sex=None, at=at)
        residency.sign_statement(
            work,
            actor,
            case_id=case_id,
            signature=told_identity(row).full_name,
            language=row["language"],
            at=at,
        )
        residency.submit_case(work, actor, case_id=case_id, at=at)
    return case_id


def _accept_second(town: Town, actor: Actor, case_id: UUID, at: datetime) -> None:
    officer = town.member(Role.OFFICER, 1)
    assert actor.account_id is not None
    with town.database.writing() as work:
        residency.claim_case(work, officer, case_id=case_id, at=at)
        (tie,) = list_ties(work.session, actor.account_id)
        residency.accept_guardian(work, officer, tie_id=tie.id, is_second=True, at=at)
