"""Results as tables to download: CSV, workbook, JSON of a pool, summary of the whole edition.

Says what is decided already. It must not decide, nor know who may see it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from civic_budget.results.acts import ActRow, hash_of_winners
from civic_budget.results.labels import ACT_DEEDS, OUTCOME_NAMES
from civic_budget.results.views.showing import Decided, EditionResults
from civic_budget.selection import Decision
from civic_budget.web.locale import current_language
from civic_budget.web.spreadsheets import Cell, Sheet, write_workbook

COLUMNS = (
    "scope",
    "rank",
    "project",
    "title",
    "points",
    "votes",
    "cost_grosze",
    "left_before_grosze",
    "outcome",
    "left_after_grosze",
    "act",
    "act_on",
)
GROSZE = 100


def as_csv(found: EditionResults, pools: Sequence[Decided]) -> str:
    """Every decision of the pools as a row, then the acts about their projects."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for decided in pools:
        scope = decided.facts.scope
        for row in decided.protocol.decisions:
            writer.writerow(_decision_cells(found, scope, row))
        for act in found.act_rows(scope):
            writer.writerow(_act_cells(found, act))
    return out.getvalue()


def _decision_cells(found: EditionResults, scope: str, row: Decision) -> list[object]:
    return [
        scope,
        row.rank,
        row.project,
        found.title(row.project).text,
        row.points,
        row.votes,
        row.cost,
        row.left_before,
        row.outcome.value,
        row.left_after,
        "",
        "",
    ]


def _act_cells(found: EditionResults, row: ActRow) -> list[object]:
    reference = row.act.reference
    return [
        row.scope,
        "",
        reference,
        found.title(reference).text,
        "",
        "",
        row.cost,
        row.left_before,
        f"act_{row.act.kind.value}",
        row.left_after,
        row.act.title,
        row.act.act_on.isoformat(),
    ]


def as_json(found: EditionResults, decided: Decided) -> str:
    """One pool's whole protocol with the rule, the titles and the acts."""
    facts = decided.facts
    return _dumped(
        {
            "edition": found.edition.slug,
            "scope": facts.scope,
            "rule": facts.rule,
            "titles": {line.reference: found.title(line.reference).text for line in facts.lines},
            "acts": [_act_data(row) for row in found.act_rows(facts.scope)],
            "left_after_acts": found.left(facts.scope),
            **facts.protocol,
        }
    )


def summary_json(found: EditionResults) -> str:
    """The whole edition for machines: each pool's money and winners, the approval, the acts."""
    approval = found.approval
    return _dumped(
        {
            "edition": found.edition.slug,
            "winners_sha256": winners_hash(found),
            "approved_by": {"title": approval.title, "on": approval.act_on.isoformat()}
            if approval
            else None,
            "pools": [_pool_data(found, decided) for decided in found.scopes],
            "acts": [_act_data(row) for row in found.followed[0]],
        }
    )


def _pool_data(found: EditionResults, decided: Decided) -> dict[str, Any]:
    facts = decided.facts
    return {
        "scope": facts.scope,
        "name": decided.name,
        "ballots": facts.voters,
        "budget": facts.budget,
        "spent": facts.spent,
        "left": decided.left,
        "left_after_acts": found.left(facts.scope),
        "complete": facts.is_complete,
        "projects": len(facts.lines),
        "winners": [
            {"project": row.project, "title": found.title(row.project).text, "cost": row.cost}
            for row in decided.protocol.decisions
            if row.won
        ],
    }


def _act_data(row: ActRow) -> dict[str, Any]:
    act = row.act
    return {
        "number": act.number,
        "kind": act.kind.value,
        "project": act.reference,
        "scope": row.scope,
        "title": act.title,
        "on": act.act_on.isoformat(),
        "link": act.link,
        "reasons": dict(act.reasons),
        "cost": row.cost,
        "left_before": row.left_before,
        "left_after": row.left_after,
    }


def _dumped(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def winners_hash(found: EditionResults) -> str:
    """The SHA-256 of the list of winners: what an approval is about."""
    return hash_of_winners({d.facts.scope: d.protocol for d in found.scopes})


def as_workbook(found: EditionResults, pools: Sequence[Decided]) -> bytes:
    """A sheet for all pools' money, one for each pool's protocol, one for the acts; in złoty."""
    sheets = [_pools_sheet(found, pools)] if len(pools) > 1 else []
    sheets += [_protocol_sheet(found, decided) for decided in pools]
    acts = [row for decided in pools for row in found.act_rows(decided.facts.scope)]
    if acts:
        sheets.append(_acts_sheet(found, acts))
    title = gettext("Results: %(pool)s", pool=found.edition.name(current_language()))
    return write_workbook(sheets, title=title)


def _pools_sheet(found: EditionResults, pools: Sequence[Decided]) -> Sheet:
    words = (gettext("Pool"), gettext("Ballots"), gettext("Won"))
    money = (gettext("Money"), gettext("Spent"), gettext("Left"), gettext("Left after all acts"))
    rows: list[list[Cell]] = [
        [
            d.name,
            d.facts.voters,
            d.winners,
            _zloty(d.facts.budget),
            _zloty(d.facts.spent),
            _zloty(d.left),
            _zloty(found.left(d.facts.scope)),
        ]
        for d in pools
    ]
    return Sheet(gettext("Pools of money"), (*words, *(f"{word} (zł)" for word in money)), rows)


def _protocol_sheet(found: EditionResults, decided: Decided) -> Sheet:
    header = (
        gettext("Place"),
        gettext("Number"),
        gettext("Project"),
        gettext("Points"),
        gettext("Votes"),
        f"{gettext('Cost')} (zł)",
        f"{gettext('Left before')} (zł)",
        gettext("Result"),
        f"{gettext('Left after')} (zł)",
    )
    rows: list[list[Cell]] = [
        [
            row.rank,
            row.project,
            found.title(row.project).text,
            row.points,
            row.votes,
            _zloty(row.cost),
            _zloty(row.left_before),
            str(OUTCOME_NAMES[row.outcome]),
            _zloty(row.left_after),
        ]
        for row in decided.protocol.decisions
    ]
    return Sheet(decided.name, header, rows)


def _acts_sheet(found: EditionResults, acts: Sequence[ActRow]) -> Sheet:
    header = (
        gettext("Act"),
        gettext("Day"),
        gettext("What the act decides"),
        gettext("Number"),
        gettext("Project"),
        f"{gettext('Cost')} (zł)",
        f"{gettext('Left after')} (zł)",
    )
    rows: list[list[Cell]] = [
        [
            row.act.title,
            row.act.act_on,
            str(ACT_DEEDS[row.act.kind]),
            row.act.reference,
            found.title(row.act.reference).text,
            _zloty(row.cost),
            _zloty(row.left_after),
        ]
        for row in acts
    ]
    return Sheet(gettext("Acts"), header, rows)


def _zloty(grosze: int) -> Cell:
    whole, rest = divmod(grosze, GROSZE)
    return whole if not rest else grosze / GROSZE
