"""What the commission prints: protocols of the steps, procedures, and the observer's export."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from civic_budget.kernel.errors import NotAllowed
from civic_budget.voting import queries
from civic_budget.voting.observer import export_round
from civic_budget.voting.printed.procedures import PROCEDURES, procedure
from civic_budget.voting.printed.protocols import is_available, round_protocol
from civic_budget.voting.printed.sheets import render_sheet
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import load_secrets
from civic_budget.voting.views.sitting import get_present_round
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.printing import pdf_response


@voting.get("/office/round/protocols/<any(setup, closing, opening, end):step>.pdf")
@access(Audience.COMMISSION)
def protocol(step: str) -> Response:
    """The protocol of a step that the round has taken."""
    found = get_present_round()
    if not is_available(found, step):
        abort(404)
    sheet = round_protocol(reading(), found, step)
    return pdf_response(render_sheet(sheet), f"protocol-{step}.pdf")


@voting.get("/office/round/procedures")
@access(Audience.COMMISSION)
def procedures() -> ResponseReturnValue:
    """What to do on a bad day: to be read before one comes."""
    sheets = [(name, procedure(name)) for name in PROCEDURES]
    return render_template("voting/office/procedures.html", sheets=sheets)


@voting.get("/office/round/procedures/<name>.pdf")
@access(Audience.COMMISSION)
def procedure_sheet(name: str) -> Response:
    """A procedure to print and keep at hand."""
    if name not in PROCEDURES:
        abort(404)
    return pdf_response(render_sheet(procedure(name)), f"procedure-{name}.pdf")


@voting.post("/office/round/observer.zip")
@access(Audience.COMMISSION)
def observer_export() -> Response:
    """The sealed export for an observer, with `k_mac` and the tool that opens it elsewhere."""
    found = get_present_round()
    members = {m.account_id for m in queries.list_members(reading(), found.id)}
    if actor().account_id not in members:
        raise NotAllowed("not_a_member_of_the_round")
    secrets = load_secrets(found)
    with writing() as work:
        content = export_round(work, secrets=secrets, at=now())
    answer = Response(content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="sealed-export.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
