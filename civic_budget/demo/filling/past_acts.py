"""Acts on the past edition's results: one member of the commission writes each down, another signs."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from civic_budget.demo import content
from civic_budget.demo.filling.past import reference_of
from civic_budget.demo.filling.town import Town
from civic_budget.demo.story import at_city_time
from civic_budget.kernel.actor import Role
from civic_budget.results.acts import ActKind
from civic_budget.results.approving import ActWords, answer_act, propose_act


def sign_past_acts(town: Town, edition_id: UUID) -> UUID:
    """Enter the acts whose day has come; returns the edition's id."""
    past = content.past_edition()
    references = {project.key: reference_of(past, project) for project in past.projects}
    for act in past.acts:
        at = at_city_time(act.happened_on)
        if not town.story.has_come(at):
            continue
        words = ActWords(title=act.title, act_on=act.happened_on, reasons=asdict(act.reason))
        with town.database.writing() as work:
            number = propose_act(
                work,
                town.member(Role.COMMISSION),
                edition_id=edition_id,
                kind=ActKind(act.kind),
                reference=references.get(act.project, ""),
                words=words,
                at=at,
            )
        with town.database.writing() as work:
            answer_act(
                work,
                town.member(Role.COMMISSION, 1),
                edition_id=edition_id,
                number=number,
                sign=True,
                at=at,
            )
    return edition_id
