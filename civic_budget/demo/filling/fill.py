"""All steps of the filling in the order of the story, and the stamp at its end."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from civic_budget.config import Settings
from civic_budget.demo.filling.assessing import (
    assess_proposals,
    draw_numbers,
    load_rules_of_assessment,
)
from civic_budget.demo.filling.assisting import help_in_person
from civic_budget.demo.filling.checks import draw_sample
from civic_budget.demo.filling.city import add_edition, fill_city
from civic_budget.demo.filling.crowd import register_crowd
from civic_budget.demo.filling.desk_work import work_at_desks
from civic_budget.demo.filling.doubts import raise_doubts
from civic_budget.demo.filling.families import join_families
from civic_budget.demo.filling.figures import publish_past_figures, publish_present_figures
from civic_budget.demo.filling.homes import fill_homes
from civic_budget.demo.filling.messages import deliver_messages
from civic_budget.demo.filling.office import hire_staff
from civic_budget.demo.filling.outreach import give_codes, set_targets
from civic_budget.demo.filling.past import add_past_edition
from civic_budget.demo.filling.past_acts import sign_past_acts
from civic_budget.demo.filling.proposals import submit_proposals
from civic_budget.demo.filling.residents import register_residents
from civic_budget.demo.filling.together import follow_proposals, propose_a_merge
from civic_budget.demo.filling.town import CROWD, PAST_PEOPLE, Town
from civic_budget.demo.filling.voting import run_round
from civic_budget.demo.progress import Progress
from civic_budget.demo.sign_ins import SignIns
from civic_budget.demo.story import Story
from civic_budget.editions.rules import Phase
from civic_budget.storage.db import Database


def fill(
    app: Flask,
    phase: Phase,
    *,
    now: datetime,
    progress: Progress,
    crowd_size: int = CROWD,
    past_people: int = PAST_PEOPLE,
) -> SignIns:
    """Fill a migrated, empty database so that the phase is now; returns how to sign in."""
    database: Database = app.extensions["database"]
    settings: Settings = app.extensions["settings"]
    town = Town(
        database=database,
        settings=settings,
        story=Story(phase, now),
        progress=progress,
        sign_ins=SignIns.fresh(),
        crowd_size=crowd_size,
        past_people=past_people,
    )
    fill_city(town)
    hire_staff(town)
    town.edition_id = add_edition(
        town, year=town.story.year, names=None, calendar=town.story.calendar
    )
    give_codes(town)
    register_residents(town)
    fill_homes(town)
    past_edition_id = sign_past_acts(town, add_past_edition(town))
    publish_past_figures(town, past_edition_id)
    set_targets(town, past_edition_id)
    load_rules_of_assessment(town)
    submit_proposals(town)
    assess_proposals(town)
    propose_a_merge(town)
    work_at_desks(town)
    draw_numbers(town)
    help_in_person(town)
    register_crowd(town)
    draw_sample(town)
    join_families(town)
    raise_doubts(town)
    run_round(town)
    publish_present_figures(town)
    follow_proposals(town, past_edition_id)
    deliver_messages(app, town)
    progress.end()
    return town.sign_ins
