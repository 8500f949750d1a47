"""Downloads of results: the protocol as CSV and JSON, the ballots as a Pabulib file."""

from __future__ import annotations

import csv
import io
import json

from flask import Response, abort
from flask.typing import ResponseReturnValue

from civic_budget.results.service import board_folder
from civic_budget.results.views.blueprint import results
from civic_budget.results.views.showing import Decided, EditionResults, load_results
from civic_budget.web.access import Audience, access
from civic_budget.web.current import settings

COLUMNS = (
    "rank",
    "project",
    "title",
    "points",
    "votes",
    "cost_grosze",
    "left_before_grosze",
    "outcome",
    "left_after_grosze",
)


@results.get("/editions/<slug>/results/files/<scope>.<any(csv, json, pb):kind>")
@access(Audience.PUBLIC)
def download(slug: str, scope: str, kind: str) -> ResponseReturnValue:
    """A pool's protocol or ballots as a file, under the same embargo as the page."""
    found = load_results(slug)
    decided = found.scope(scope)
    name = f"{slug}-{scope}.{kind}"
    if kind == "pb":
        return _ballots(found, decided, name)
    body = _csv(found, decided) if kind == "csv" else _json(found, decided)
    mimetype = "text/csv" if kind == "csv" else "application/json"
    return _named(body.encode(), mimetype, name, found)


def _ballots(found: EditionResults, decided: Decided, name: str) -> Response:
    """The board's own file; an imported edition's board is kept under the edition."""
    owner = found.round.id if found.round is not None else found.edition.id
    path = board_folder(settings().instance, owner) / f"{decided.facts.scope}.pb"
    if not path.is_file():
        abort(404)
    return _named(path.read_bytes(), "text/plain", name, found)


def _named(body: bytes, mimetype: str, name: str, found: EditionResults) -> Response:
    answer = Response(body, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "public, max-age=300" if found.is_public else "no-store"
    return answer


def _csv(found: EditionResults, decided: Decided) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in decided.protocol.decisions:
        writer.writerow(
            [
                row.rank,
                row.project,
                found.title(row.project).text,
                row.points,
                row.votes,
                row.cost,
                row.left_before,
                row.outcome.value,
                row.left_after,
            ]
        )
    return out.getvalue()


def _json(found: EditionResults, decided: Decided) -> str:
    facts = decided.facts
    data = {
        "edition": found.edition.slug,
        "scope": facts.scope,
        "rule": facts.rule,
        "titles": {line.reference: found.title(line.reference).text for line in facts.lines},
        **facts.protocol,
    }
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
