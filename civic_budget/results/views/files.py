"""Downloads of results at stable addresses, under the same embargo as the pages."""

from __future__ import annotations

from flask import Response, abort
from flask.typing import ResponseReturnValue

from civic_budget.accounts.queries import staff_name_of
from civic_budget.results.boards import board_folder
from civic_budget.results.views.blueprint import results
from civic_budget.results.views.protocol_sheets import edition_pdf, protocol_pdf
from civic_budget.results.views.reports import as_csv, as_json, as_workbook, summary_json
from civic_budget.results.views.showing import Decided, EditionResults, load_results
from civic_budget.voting.queries import list_members
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading, settings
from civic_budget.web.printing import PDF
from civic_budget.web.spreadsheets import XLSX

TYPES = {"csv": "text/csv", "json": "application/json", "xlsx": XLSX, "pdf": PDF}
FEWEST_LINES = 3


@results.get("/editions/<slug>/results/files/<scope>.<any(csv, json, xlsx, pdf, pb):kind>")
@access(Audience.PUBLIC)
def download(slug: str, scope: str, kind: str) -> ResponseReturnValue:
    """A pool's protocol (table, workbook, data, sheet) or its ballots."""
    found = load_results(slug)
    decided = found.scope(scope)
    name = f"{slug}-{scope}.{kind}"
    if kind == "pb":
        return _named(_ballots(found, decided), "text/plain", name, found)
    if kind == "csv":
        body = as_csv(found, [decided]).encode()
    elif kind == "json":
        body = as_json(found, decided).encode()
    elif kind == "xlsx":
        body = as_workbook(found, [decided])
    else:
        body = protocol_pdf(found, decided, at=now())
    return _named(body, TYPES[kind], name, found)


@results.get(
    "/editions/<slug>/results/files/edition/"
    "<any('all.csv', 'all.xlsx', 'summary.json', 'protocol.pdf', 'to-sign.pdf'):name>"
)
@access(Audience.PUBLIC)
def download_edition(slug: str, name: str) -> ResponseReturnValue:
    """The whole edition: all protocols, a summary for machines, the protocol, the one to sign."""
    found = load_results(slug)
    if name == "all.csv":
        body = as_csv(found, found.scopes).encode()
    elif name == "all.xlsx":
        body = as_workbook(found, found.scopes)
    elif name == "summary.json":
        body = summary_json(found).encode()
    else:
        signers = _signers(found) if name == "to-sign.pdf" else ()
        body = edition_pdf(found, at=now(), signers=signers)
    return _named(body, TYPES[name.rpartition(".")[2]], f"{slug}-{name}", found)


def _signers(found: EditionResults) -> list[str]:
    """The members fixed at the round's setup; empty lines where none are known."""
    members = list_members(reading(), found.round.id) if found.round is not None else ()
    names = [staff_name_of(reading(), member.account_id) for member in members]
    return names + [""] * (FEWEST_LINES - len(names))


def _ballots(found: EditionResults, decided: Decided) -> bytes:
    """The board's own file; an imported edition's board is kept under the edition."""
    owner = found.round.id if found.round is not None else found.edition.id
    path = board_folder(settings().instance, owner) / f"{decided.facts.scope}.pb"
    if not path.is_file():
        abort(404)
    return path.read_bytes()


def _named(body: bytes, mimetype: str, name: str, found: EditionResults) -> Response:
    answer = Response(body, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "public, max-age=300" if found.is_public else "no-store"
    return answer
