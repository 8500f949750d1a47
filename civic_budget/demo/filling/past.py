"""The past edition: its projects, winners by the rule, published ballots, what became of the winners."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from civic_budget.accounts.service import open_account_without_code
from civic_budget.demo import content
from civic_budget.demo.content.records import LANGUAGES, PastEdition, PastProject, Step, Words
from civic_budget.demo.drawing import draw_picture
from civic_budget.demo.filling.city import SELECTION_RULE, add_edition, list_pools
from civic_budget.demo.filling.town import Town
from civic_budget.demo.past_ballots import ballots_for
from civic_budget.demo.story import at_city_time, past_calendar_of
from civic_budget.editions.rules import CITY_WIDE, Milestone, scope_of
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.pabulib import PbFile, ProjectRow, VoteRow, VoteType, format_money, render
from civic_budget.proposals import service as proposals
from civic_budget.proposals.implementation_rules import Stage, StepWords
from civic_budget.proposals.queries import list_for_ballot
from civic_budget.proposals.service import PastProposal
from civic_budget.results.boards import board_folder
from civic_budget.results.service import keep_result
from civic_budget.selection import Ballot, Project, Protocol, Rule, load_preset, rule_to, select
from civic_budget.storage.db import Work
from civic_budget.voting.board import write_board

LANGUAGE = "pl"
Order = tuple[str, ...]


def add_past_edition(town: Town) -> UUID:
    """Enter the edition before with its results and steps; returns its id."""
    town.progress.begin("A past edition")
    past = content.past_edition()
    calendar = past_calendar_of(past)
    names = Words(**{code: f"{past.name.in_language(code)}" for code in LANGUAGES})
    edition_id = add_edition(town, year=past.year, names=names, calendar=calendar)
    decided_at = calendar.moments[Milestone.RESULTS_PUBLISHED] - timedelta(days=2)
    with town.database.writing() as work:
        _add_projects(work, past, edition_id, calendar.moments[Milestone.SUBMISSION_CLOSES])
    with town.database.writing() as work:
        _translate(town, work, past, edition_id, calendar.moments[Milestone.ASSESSMENT_PUBLISHED])
        files = {}
        for scope, projects in pools_of(past).items():
            ballots = ballots_for({reference_of(past, p): p.points for p in projects})
            protocol, rule = decide(past, scope, projects, ballots)
            keep_result(
                work,
                edition_id=edition_id,
                round_id=None,
                scope=scope,
                protocol=protocol,
                rule=rule_to(rule),
                at=decided_at,
            )
            files[f"{scope}.pb"] = _pabulib_file(past, scope, projects, ballots, protocol)
            town.progress.add(len(projects))
        write_board(board_folder(work.instance, edition_id), files)
    with town.database.writing() as work:
        _add_steps(town, work, past, edition_id)
    return edition_id


def pools_of(past: PastEdition) -> Mapping[str, Sequence[PastProject]]:
    """Scope → its projects, in the order of the content."""
    pools: dict[str, list[PastProject]] = defaultdict(list)
    for project in past.projects:
        pools[scope_of(project.district)].append(project)
    return pools


def reference_of(past: PastEdition, project: PastProject) -> str:
    """The project's number as Kraków writes it."""
    where = "OM" if project.district is None else f"D{project.district}"
    return f"BO.{where}.{project.ballot_number}/{past.year % 100:02d}"


def decide(
    past: PastEdition, scope: str, projects: Sequence[PastProject], ballots: Counter[Order]
) -> tuple[Protocol, Rule]:
    """The winners of a pool by Kraków's rule, from the ballots."""
    level = "city" if scope == CITY_WIDE else "district"
    rule = load_preset(SELECTION_RULE["preset"], level=level)
    listed = [Project(reference_of(past, p), p.cost_grosze, scope) for p in projects]
    grouped = {Ballot(order): number for order, number in ballots.items()}
    return select(listed, grouped, rule, _money(scope)), rule


def count_voters(past: PastEdition) -> int:
    """How many people voted: everybody fills in the city's list."""
    points = sum(p.points for p in past.projects if p.district is None)
    return points // 6


def _money(scope: str) -> int:
    return next(pool.money for pool in list_pools() if pool.scope == scope)


def _add_projects(work: Work, past: PastEdition, edition_id: UUID, at: datetime) -> None:
    """Authors of the former system are unknown here: one account stands for all of them."""
    archive = open_account_without_code(
        work, SYSTEM, contact=None, password=None, language=LANGUAGE, at=at
    )
    work.session.flush()
    proposals.add_past_proposals(
        work,
        edition_id=edition_id,
        author_account=archive,
        author_person=uuid4(),
        past=[
            PastProposal(
                reference=reference_of(past, project),
                scope=scope_of(project.district),
                ballot_number=project.ballot_number,
                title=project.title.in_language(LANGUAGE),
                language=LANGUAGE,
                cost=project.cost_grosze,
                category=project.category,
            )
            for project in past.projects
        ],
        at=at - timedelta(days=1),
    )


def _translate(town: Town, work: Work, past: PastEdition, edition_id: UUID, at: datetime) -> None:
    ids = _ids(work, edition_id)
    for project in past.projects:
        for language in LANGUAGES:
            if language != LANGUAGE:
                proposals.put_translation(
                    work,
                    town.member(Role.EDITOR),
                    proposal_id=ids[reference_of(past, project)],
                    language=language,
                    texts={"title": project.title.in_language(language)},
                    at=at,
                )


def _add_steps(town: Town, work: Work, past: PastEdition, edition_id: UUID) -> None:
    ids = _ids(work, edition_id)
    for project in past.projects:
        for step in project.steps:
            if town.story.has_come(at_city_time(step.happened_on)):
                _add_step(work, ids[reference_of(past, project)], step)


def _add_step(work: Work, proposal_id: UUID, step: Step) -> None:
    at = at_city_time(step.happened_on)
    step_id = proposals.add_step(
        work,
        SYSTEM,
        proposal_id=proposal_id,
        step=StepWords(
            stage=Stage(step.stage),
            happened_on=step.happened_on,
            expected_on=step.expected_on,
            real_cost=step.real_cost_grosze,
            notes=asdict(step.note),
        ),
        at=at,
    )
    if step.photo is not None:
        page, alt = draw_picture(step.photo.scene), asdict(step.photo.alt)
        proposals.add_step_photo(work, SYSTEM, step_id=step_id, page=page, alt=alt, at=at)


def _ids(work: Work, edition_id: UUID) -> dict[str, UUID]:
    return {p.reference: p.id for p in list_for_ballot(work.session, edition_id) if p.reference}


def _pabulib_file(
    past: PastEdition,
    scope: str,
    projects: Sequence[PastProject],
    ballots: Counter[Order],
    protocol: Protocol,
) -> bytes:
    """The pool's public file: one line for each ballot, numbered in the order of the choices."""
    votes: list[VoteRow] = []
    for order in sorted(ballots):
        for _ in range(ballots[order]):
            votes.append(VoteRow(0, (str(len(votes) + 1), ",".join(order)), order, None))
    rows = []
    for project in projects:
        line = protocol.row_of(reference_of(past, project))
        title = project.title.in_language(LANGUAGE)
        cells = (
            *(line.project, format_money(line.cost), str(line.votes), str(line.points)),
            *(title, str(int(line.won))),
        )
        rows.append(ProjectRow(0, cells, line.project, line.cost))
    return render(
        PbFile(
            meta=_head(past, scope, len(projects), len(votes)),
            vote_type=VoteType.ORDINAL,
            budget=protocol.budget,
            project_columns=("project_id", "cost", "votes", "score", "name", "selected"),
            projects=tuple(rows),
            vote_columns=("voter_id", "vote"),
            votes=tuple(votes),
        )
    )


def _head(past: PastEdition, scope: str, projects: int, votes: int) -> dict[str, str]:
    names = {scope_of(district.number): district.name for district in content.districts()}
    return {
        "description": f"{past.name.in_language(LANGUAGE)}, {names.get(scope, 'cały Kraków')}",
        "country": "Poland",
        "unit": "Kraków",
        **({"district": names[scope]} if scope in names else {}),
        "instance": str(past.year),
        "num_projects": str(projects),
        "num_votes": str(votes),
        "budget": format_money(_money(scope)),
        "vote_type": VoteType.ORDINAL.value,
        "rule": "greedy",
        "date_begin": past.voting_opened_on.strftime("%d.%m.%Y"),
        "date_end": past.voting_closed_on.strftime("%d.%m.%Y"),
        "min_length": "3",
        "max_length": "3",
        "currency": "PLN",
    }
