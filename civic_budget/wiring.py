"""Which room has which pages and commands, which event wakes which handler, which jobs the worker runs.

The only place that sees all rooms at once. A room that is listed here offers what its shelves hold:
`views.blueprints`, `commands.commands`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import click
from flask import Blueprint

from civic_budget.accounts import service as accounts
from civic_budget.accounts import views as accounts_views
from civic_budget.accounts.attempts import forget_old_tries
from civic_budget.accounts.commands import commands as accounts_commands
from civic_budget.accounts.events import AccountClosed
from civic_budget.accounts.views import SignInLoader
from civic_budget.assessment import own_copy as assessment_copy
from civic_budget.assessment import service as assessment
from civic_budget.assessment import views as assessment_views
from civic_budget.city import views as city_views
from civic_budget.city.commands import commands as city_commands
from civic_budget.city.queries import HelpLine
from civic_budget.city.queries import find_help_line as city_help_line
from civic_budget.editions import views as editions_views
from civic_budget.editions.events import (
    CorrectionProposed,
    CorrectionSigned,
    EditionCreated,
    MilestoneMoved,
    SideDateMoved,
)
from civic_budget.editions.queries import get_edition
from civic_budget.kernel.events import Event
from civic_budget.news import own_copy as news_copy
from civic_budget.news import service as news
from civic_budget.news import views as news_views
from civic_budget.news.letters import tell_news
from civic_budget.notifications import views as notifications_views
from civic_budget.notifications.complaints import COMPLAINT_MESSAGES, tell_about_complaint
from civic_budget.notifications.delivery import perform_message
from civic_budget.notifications.editions import tell_about_correction
from civic_budget.notifications.handlers import (
    ASSESSMENT_MESSAGES,
    CASE_MESSAGES,
    PROPOSAL_MESSAGES,
    tell_about_assessment,
    tell_about_case,
    tell_about_proposal,
    tell_about_translation,
)
from civic_budget.notifications.people import (
    GUARDIAN_MESSAGES,
    tell_about_district,
    tell_about_guardian,
)
from civic_budget.notifications.results import tell_about_act, tell_about_step
from civic_budget.notifications.service import MESSAGE
from civic_budget.notifications.votes import (
    tell_about_claim,
    tell_of_lost_vote,
    tell_of_received_claim,
    tell_of_voided_vote,
    tell_provisional_voters,
    tell_recorded_vote,
)
from civic_budget.proposals import own_copy as proposals_copy
from civic_budget.proposals import service as proposals
from civic_budget.proposals import views as proposals_views
from civic_budget.proposals.events import (
    ExclusiveGroupsChanged,
    ImplementationRecorded,
    ProposalWithdrawn,
    TranslationReviewed,
)
from civic_budget.proposals.evidence import judge_list_view
from civic_budget.residency import service as residency
from civic_budget.residency import views as residency_views
from civic_budget.residency.commands import commands as residency_commands
from civic_budget.residency.copy_parts import CopyPart
from civic_budget.residency.events import CaseStarted, ResidenceConfirmed, VoteDisputed
from civic_budget.residency.evidence import has_vault, open_vault
from civic_budget.residency.evidence_commands import commands as evidence_commands
from civic_budget.residency.guardian_events import DistrictSettled
from civic_budget.residency.queries import (
    district_of_person,
    own_person,
)
from civic_budget.results import views as results_views
from civic_budget.results.boards import keep_due_boards
from civic_budget.results.commands import commands as results_commands
from civic_budget.results.events import ActSigned
from civic_budget.results.following import on_act_signed
from civic_budget.results.import_commands import commands as edition_commands
from civic_budget.results.publish_command import commands as voting_commands
from civic_budget.results.service import on_round_annulled, on_round_opened, on_scope_annulled
from civic_budget.statistics import outreach
from civic_budget.statistics import own_copy as statistics_copy
from civic_budget.statistics import service as statistics
from civic_budget.statistics import views as statistics_views
from civic_budget.statistics.commands import commands as statistics_commands
from civic_budget.statistics.jobs import seal_due
from civic_budget.storage import audit
from civic_budget.storage.db import Database, Handler, Work
from civic_budget.storage.outbox import Performer
from civic_budget.storage.schedule import Job
from civic_budget.voting import own_copy as voting_copy
from civic_budget.voting import service as voting
from civic_budget.voting import views as voting_views
from civic_budget.voting.events import (
    RoundAnnulled,
    RoundFinished,
    RoundOpened,
    ScopeAnnulled,
    VoteClaimAnswered,
    VoteClaimed,
)
from civic_budget.voting.jobs import (
    publish_nights,
    tell_of_loss,
    tell_voided,
    tell_voters,
)
from civic_budget.voting.queries import find_checked_close
from civic_budget.web.current import actor, now, reading, settings
from civic_budget.web.locale import current_language
from civic_budget.web.pages import NavItem

BLUEPRINTS: Sequence[Blueprint] = (
    *editions_views.blueprints,
    *city_views.blueprints,
    *accounts_views.blueprints,
    *residency_views.blueprints,
    *proposals_views.blueprints,
    *assessment_views.blueprints,
    *voting_views.blueprints,
    *results_views.blueprints,
    *statistics_views.blueprints,
    *news_views.blueprints,
)

# Addresses that ask who is signed in together with what they look at anyway.
SIGN_IN_LOADERS: Mapping[str, SignInLoader] = {"voting.check": voting_views.load_pressing_user}

OPEN_DATA_BLUEPRINTS: Sequence[Blueprint] = (*statistics_views.open_data_blueprints,)

DEMO_BLUEPRINTS: Sequence[Blueprint] = (*notifications_views.demo_blueprints,)

COMMANDS: Sequence[click.Command] = (
    accounts_commands,
    city_commands,
    residency_commands,
    evidence_commands,
    results_commands,
    edition_commands,
    statistics_commands,
    voting_commands,
)

NAVIGATION: Sequence[NavItem] = (
    *editions_views.navigation,
    *proposals_views.navigation,
    *city_views.navigation,
    *accounts_views.navigation,
    *residency_views.navigation,
    *assessment_views.navigation,
    *voting_views.navigation,
    *results_views.navigation,
    *statistics_views.navigation,
)

FOOTER: Sequence[NavItem] = (*city_views.footer, *voting_views.footer, *residency_views.footer)


def find_help_line() -> HelpLine | None:
    """Help for whoever looks: near a resident's own district, else the city's first point."""
    near = None
    account_id = actor().account_id
    if account_id is not None and not actor().roles:
        person_id = own_person(reading(), account_id)
        near = district_of_person(reading(), person_id, at=now()) if person_id else None
    return city_help_line(reading(), current_language(), near=near)


PERFORMERS: Mapping[str, Performer] = {
    MESSAGE: perform_message,
    accounts.NO_MESSAGE: accounts.perform_nothing,
}


def _fix_merges(work: Work, happened: RoundOpened) -> None:
    if not get_edition(work.session, happened.edition_id).is_training:
        residency.fix_merges(work, at=happened.at)


SUBSCRIPTIONS: Mapping[type[Event], Sequence[Handler]] = {
    Event: (audit.record,),
    RoundOpened: (on_round_opened, _fix_merges, tell_provisional_voters),
    **dict.fromkeys(COMPLAINT_MESSAGES, (tell_about_complaint,)),
    ActSigned: (on_act_signed, tell_about_act),
    ImplementationRecorded: (tell_about_step,),
    VoteClaimAnswered: (tell_about_claim,),
    VoteClaimed: (tell_of_received_claim,),
    VoteDisputed: (voting.take_dispute_over,),
    EditionCreated: (assessment.copy_checklist,),
    MilestoneMoved: (voting.follow_calendar,),
    SideDateMoved: (voting.follow_paper_deadline,),
    CorrectionProposed: (voting.question_correction,),
    CorrectionSigned: (tell_about_correction,),
    ExclusiveGroupsChanged: (voting.keep_frozen_list,),
    RoundAnnulled: (on_round_annulled,),
    ScopeAnnulled: (on_scope_annulled,),
    RoundFinished: (statistics.require_sealed,),
    **dict.fromkeys(CASE_MESSAGES, (tell_about_case,)),
    **dict.fromkeys(GUARDIAN_MESSAGES, (tell_about_guardian,)),
    DistrictSettled: (tell_about_district,),
    **dict.fromkeys(PROPOSAL_MESSAGES, (tell_about_proposal,)),
    **dict.fromkeys(ASSESSMENT_MESSAGES, (tell_about_assessment,)),
    CaseStarted: (outreach.on_case_started,),
    ResidenceConfirmed: (
        *((tell_about_case,) if ResidenceConfirmed in CASE_MESSAGES else ()),
        outreach.on_residence_confirmed,
    ),
    AccountClosed: (outreach.on_account_closed, news.forget_account),
    ProposalWithdrawn: (assessment.close_appeal, tell_about_proposal),
    TranslationReviewed: (tell_about_translation,),
}


EVIDENCE_JUDGES = (judge_list_view,)

# What each room holds of a person, in the order in which their own copy says it.
COPY_PARTS: Sequence[CopyPart] = (
    *proposals_copy.parts,
    *assessment_copy.parts,
    *news_copy.parts,
    *voting_copy.parts,
    *statistics_copy.parts,
)


def _link_audit(database: Database, at: datetime) -> None:
    with database.writing() as work:
        audit.link_new_entries(work)


def _purge_codes(database: Database, at: datetime) -> None:
    with database.writing() as work:
        accounts.purge_codes(work, at=at)
        accounts.purge_sessions(work, at=at)


def _forget_tries(database: Database, at: datetime) -> None:
    with database.writing() as work:
        forget_old_tries(work, at=at)


def _end_evidence(database: Database, at: datetime) -> None:
    if not has_vault(settings()):
        return  # a city that takes no documents in has none to end
    vault = open_vault(settings())
    residency.delete_due_evidence(database, vault, at=at)
    proposals.delete_due_lists(database, vault, at=at)
    residency.delete_strays(database, vault, spared=proposals.list_vault_names(database), at=at)


def _lapse_cases(database: Database, at: datetime) -> None:
    with database.writing() as work:
        residency.lapse_cases(work, at=at)
        residency.forget_complaints(work, at=at)
        residency.end_letters(work, at=at)
        residency.forget_questions(work, at=at)


def _forget_tombstones(database: Database, at: datetime) -> None:
    with database.writing() as work:
        voting.clear_idle_tombstones(work, at=at)


def _forget_claims(database: Database, at: datetime) -> None:
    with database.writing() as work:
        voting.forget_claims(work, at=at)


def _end_guardianships(database: Database, at: datetime) -> None:
    with database.writing() as work:
        residency.end_outgrown_ties(work, at=at)
        residency.end_vain_claims(work, at=at)
        residency.forget_unaccepted_children(work, at=at)


def _compare_register(database: Database, at: datetime) -> None:
    residency.compare_when_due(database, find_checked_close, at=at)


def _remind_of_renewal(database: Database, at: datetime) -> None:
    with database.writing() as work:
        residency.remind_of_renewal(work, at=at)


def _remind_assessors(database: Database, at: datetime) -> None:
    with database.writing() as work:
        assessment.remind_of_deadlines(work, at=at)


def _lapse_merges(database: Database, at: datetime) -> None:
    with database.writing() as work:
        proposals.lapse_merges(work, at=at)


def _sweep_files(database: Database, at: datetime) -> None:
    proposals.sweep_files(database, settings().instance, at=at)
    assessment.sweep_act_scans(database, settings().instance, at=at)


def _seal_statistics(database: Database, at: datetime) -> None:
    seal_due(database, settings().instance, at)


def _forget_arrivals(database: Database, at: datetime) -> None:
    with database.writing() as work:
        outreach.forget_arrivals(work, at=at)


def _tell_voters(database: Database, at: datetime) -> None:
    tell_voters(database, settings().round_keys, tell_recorded_vote, at=at)


def _tell_voided(database: Database, at: datetime) -> None:
    tell_voided(database, settings().round_keys, tell_of_voided_vote, at=at)


def _tell_of_loss(database: Database, at: datetime) -> None:
    tell_of_loss(database, settings().round_keys, tell_of_lost_vote, at=at)


def _tell_news(database: Database, at: datetime) -> None:
    tell_news(database, at=at)


def _forget_addresses(database: Database, at: datetime) -> None:
    with database.writing() as work:
        news.forget_old(work, at=at)


JOBS: Sequence[Job] = (
    Job("audit.link", timedelta(minutes=1), _link_audit),
    Job("accounts.purge-codes", timedelta(hours=1), _purge_codes),
    Job("accounts.forget-tries", timedelta(hours=1), _forget_tries),
    Job("residency.end-evidence", timedelta(hours=1), _end_evidence),
    Job("residency.lapse-cases", timedelta(hours=6), _lapse_cases),
    Job("residency.end-guardianships", timedelta(hours=1), _end_guardianships),
    Job("residency.compare-register", timedelta(minutes=10), _compare_register),
    Job("residency.remind-of-renewal", timedelta(hours=6), _remind_of_renewal),
    Job("assessment.remind", timedelta(hours=1), _remind_assessors),
    Job("proposals.sweep-files", timedelta(hours=6), _sweep_files),
    Job("proposals.lapse-merges", timedelta(minutes=10), _lapse_merges),
    Job("news.tell", timedelta(minutes=5), _tell_news),
    Job("news.forget-addresses", timedelta(hours=6), _forget_addresses),
    Job("voting.publish-nights", timedelta(minutes=30), publish_nights),
    Job("voting.tell-voters", timedelta(minutes=10), _tell_voters),
    Job("voting.tell-voided", timedelta(minutes=10), _tell_voided),
    Job("voting.tell-of-loss", timedelta(minutes=10), _tell_of_loss),
    Job("voting.forget-tombstones", timedelta(hours=1), _forget_tombstones),
    Job("voting.forget-claims", timedelta(hours=6), _forget_claims),
    Job("results.keep-boards", timedelta(minutes=1), keep_due_boards),
    Job("statistics.seal", timedelta(minutes=10), _seal_statistics),
    Job("statistics.forget-arrivals", timedelta(days=1), _forget_arrivals),
)
