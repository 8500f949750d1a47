"""Protocols of results as tagged PDFs: one pool's decisions, and the whole edition's to sign.

Says what is decided already. It must not decide, nor know who may see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask_babel import gettext

from civic_budget.editions.rule_words import list_paragraphs, say_event
from civic_budget.kernel.money import say_money
from civic_budget.results.acts import Act, ActRow
from civic_budget.results.labels import ACT_DEEDS, OUTCOME_NAMES
from civic_budget.results.views.reports import as_json, summary_json, winners_hash
from civic_budget.results.views.showing import Decided, EditionResults
from civic_budget.selection import DrawRecord
from civic_budget.web.locale import current_language
from civic_budget.web.printing import render_pdf
from civic_budget.web.words import say_day, say_moment, say_number


def protocol_pdf(found: EditionResults, decided: Decided, *, at: datetime) -> bytes:
    """One pool's protocol: the rule in words, every decision, draws, acts."""
    facts = decided.facts
    name = found.edition.name(current_language())
    data = {
        "lang": current_language(),
        "title": gettext("Protocol: %(pool)s", pool=decided.name),
        "caption": name,
        "lead": _stops(decided),
        "facts": [
            [gettext("Money in the pool"), say_money(facts.budget)],
            [gettext("Ballots"), say_number(facts.voters)],
            [gettext("Spent"), say_money(facts.spent)],
            [gettext("Left"), say_money(decided.left)],
            [gettext("Left after all acts"), say_money(found.left(facts.scope))],
        ],
        "parts": [
            {
                "title": gettext("The rule in words"),
                "lines": [f"{p.title}. {p.text}" for p in list_paragraphs({"pool": decided.rule})],
            },
            _decisions_part(found, decided),
            *_draws_part(found, decided.protocol.draws),
            *_acts_part(found, found.act_rows(facts.scope)),
        ],
        "signatures": [],
        "foot": _foot(sha256(as_json(found, decided).encode()).hexdigest(), at),
    }
    return render_pdf("protocol", data)


def _stops(decided: Decided) -> str:
    if decided.facts.is_complete:
        return ""
    return str(
        gettext("A draw is needed. This protocol stops before it: nothing after it is decided.")
    )


def _foot(digest: str, at: datetime) -> str:
    return str(
        gettext(
            "Made %(moment)s. SHA-256 of the same data for machines: %(hash)s",
            moment=say_moment(at),
            hash=digest,
        )
    )


def _decisions_part(found: EditionResults, decided: Decided) -> dict[str, Any]:
    return {
        "title": gettext("All projects in the order of decision"),
        "wide": 1,
        "numeric": [0, 2, 3, 4, 6],
        "header": [
            gettext("Place"),
            gettext("Project"),
            gettext("Points"),
            gettext("Votes"),
            gettext("Cost"),
            gettext("Result"),
            gettext("Left after"),
        ],
        "rows": [
            [
                str(row.rank),
                f"{row.project} {found.title(row.project).text}",
                say_number(row.points),
                say_number(row.votes),
                say_money(row.cost),
                str(OUTCOME_NAMES[row.outcome]),
                say_money(row.left_after),
            ]
            for row in decided.protocol.decisions
        ],
    }


def _draws_part(found: EditionResults, draws: Sequence[DrawRecord]) -> list[dict[str, Any]]:
    if not draws:
        return []
    lines = []
    for record in draws:
        lines += [
            "; ".join(f"{p} {found.title(p).text}" for p in record.projects),
            gettext("Event that gives the seed: %(event)s", event=say_event(record.event)),
            gettext("SHA-256 of the list: %(hash)s", hash=record.commitment),
        ]
        if record.order is None:
            lines.append(gettext("The draw is still to come."))
        else:
            lines += [
                gettext("Seed: %(seed)s", seed=record.seed)
                if record.seed
                else gettext("Lots were drawn on paper before witnesses."),
                gettext("Order drawn: %(order)s", order="; ".join(record.order)),
            ]
    return [{"title": gettext("Draws"), "lines": lines}]


def _acts_part(found: EditionResults, rows: Sequence[ActRow]) -> list[dict[str, Any]]:
    lines = []
    if found.approval:
        approval = found.approval
        lines.append(f"{ACT_DEEDS[approval.kind]}: {approval.title} ({say_day(approval.act_on)}).")
    for row in rows:
        act = row.act
        lines.append(
            f"{act.reference} {found.title(act.reference).text}. {ACT_DEEDS[act.kind]}: "
            f"{act.title} ({say_day(act.act_on)}). {_reason(act)} "
            + gettext(
                "Left before: %(before)s, left after: %(after)s.",
                before=say_money(row.left_before),
                after=say_money(row.left_after),
            )
        )
    return [{"title": gettext("Acts"), "lines": lines}] if lines else []


def _reason(act: Act) -> str:
    """Why, in the sheet's language where the act says it, else in Polish."""
    return act.reasons.get(current_language()) or act.reasons.get("pl", "")


def edition_pdf(found: EditionResults, *, at: datetime, signers: Sequence[str] = ()) -> bytes:
    """The whole edition's protocol: pools, winners, draws outstanding, acts; lines for signers."""
    waiting = [d for d in found.scopes if not d.facts.is_complete]
    draws = [record for d in waiting for record in d.protocol.draws]
    data = {
        "lang": current_language(),
        "title": gettext("Protocol of the results"),
        "caption": found.edition.name(current_language()),
        "lead": _stops(waiting[0]) if waiting else "",
        "facts": [
            [gettext("projects won"), say_number(sum(d.winners for d in found.scopes))],
            [gettext("Spent"), say_money(sum(d.facts.spent for d in found.scopes))],
            [gettext("Left"), say_money(sum(d.left for d in found.scopes))],
            [gettext("SHA-256 of the list of winners:").rstrip(":"), winners_hash(found)],
        ],
        "parts": [
            _pools_part(found.scopes),
            *(_winners_part(found, decided) for decided in found.scopes),
            *_draws_part(found, draws),
            *_acts_part(found, found.followed[0]),
        ],
        "signatures": list(signers),
        "sign_title": gettext("Signatures of the commission"),
        "sign_here": gettext("date, signature"),
        "foot": _foot(sha256(summary_json(found).encode()).hexdigest(), at),
    }
    return render_pdf("protocol", data)


def _pools_part(pools: Sequence[Decided]) -> dict[str, Any]:
    return {
        "title": gettext("Pools of money"),
        "wide": 0,
        "numeric": [1, 2, 3, 4, 5],
        "header": [
            gettext("Pool"),
            gettext("Ballots"),
            gettext("Won"),
            gettext("Money"),
            gettext("Spent"),
            gettext("Left"),
        ],
        "rows": [
            [
                d.name,
                say_number(d.facts.voters),
                say_number(d.winners),
                say_money(d.facts.budget),
                say_money(d.facts.spent),
                say_money(d.left),
            ]
            for d in pools
        ],
    }


def _winners_part(found: EditionResults, decided: Decided) -> dict[str, Any]:
    return {
        "title": decided.name,
        "wide": 1,
        "numeric": [2, 3],
        "header": [
            gettext("Number"),
            gettext("Project"),
            gettext("Points"),
            gettext("Cost"),
        ],
        "rows": [
            [
                row.project,
                found.title(row.project).text,
                say_number(row.points),
                say_money(row.cost),
            ]
            for row in decided.protocol.decisions
            if row.won
        ],
    }
