"""The public board: counts, roots, files to recount from, and the look-up of a control code.

Nothing of the opened ballots is shown before the results are published, except to the commission. The
look-up runs in the browser over static files; without JavaScript it is a POST that needs no cookie, so
that no address and no log ever holds a code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.editions.queries import EditionFacts, get_current_edition, get_edition_by_slug
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Role
from civic_budget.voting import queries
from civic_budget.voting.board import awarded, board_leaf, pack_board, shard_name
from civic_budget.voting.choice import read_section
from civic_budget.voting.claim_labels import CLAIM_KINDS, CLAIM_STATES
from civic_budget.voting.claim_queries import count_claims
from civic_budget.voting.codes import in_fours, read_code
from civic_budget.voting.commission_queries import (
    is_vote_annulled,
    list_annulments,
    list_rounds_of_edition,
)
from civic_budget.voting.forms import LookUpForm
from civic_budget.voting.labels import CHANNEL_NAMES, VOID_REASONS
from civic_budget.voting.merkle import root_from_range
from civic_budget.voting.opening import Ballot
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import scope_name
from civic_budget.voting.views.words import BallotProject, ballot_projects
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings
from civic_budget.web.forms import anonymous
from civic_budget.web.locale import current_language
from civic_budget.web.words import say_day, say_number

OPENED = frozenset({RoundStatus.OPENED, RoundStatus.FINAL, RoundStatus.SHREDDED})
SHARD = re.compile(r"lookup/([0-9A-Z]{1,2}|all)\.json")
MINUTES = 5


@voting.get("/board")
@access(Audience.PUBLIC)
def present_board() -> ResponseReturnValue:
    """The board of the present edition."""
    edition = get_current_edition(reading(), at=now())
    return redirect(url_for("voting.board", slug=edition.slug))


@voting.get("/editions/<slug>/board")
@voting.get("/editions/<slug>/board/<int:number>")
@access(Audience.PUBLIC)
def board(slug: str, number: int | None = None) -> ResponseReturnValue:
    """What was counted, what anybody can recount, and the look-up.

    `number` counts the edition's votes from 1, where lists were voted on again; without it the newest.
    """
    edition = get_edition_by_slug(reading(), slug)
    return _show(edition, numbered_round(edition, number), LookUpForm(formdata=None), number=number)


@voting.post("/editions/<slug>/board/look-up")
@voting.post("/editions/<slug>/board/<int:number>/look-up")
@access(Audience.PUBLIC)
@anonymous
def look_up(slug: str, number: int | None = None) -> ResponseReturnValue:
    """Find a code without JavaScript; reads a public file, changes nothing, remembers nothing."""
    edition = get_edition_by_slug(reading(), slug)
    found = numbered_round(edition, number)
    form = LookUpForm()
    if found is None or not _is_open(edition, found):
        return _show(edition, found, LookUpForm(formdata=None), number=number)
    if not form.validate_on_submit():
        return _show(edition, found, form, number=number)
    try:
        code = read_code(form.code.data or "")
    except ValueError:
        form.code.errors = [
            gettext("A control code has twelve letters and digits, for example K7Q2-9FMD-4TXA.")
        ]
        return _show(edition, found, form, number=number)
    manifest = _manifest(found)
    if manifest is None:
        return _show(edition, found, form, number=number)
    name = shard_name(code, manifest["lookup"]["prefix"])
    lines = _find(found, code, name)
    for line in lines:
        line["file"] = url_for("voting.board_file", slug=slug, number=number, name=name)
    return _show(edition, found, form, number=number, code=code, lines=lines)


def _show(
    edition: EditionFacts,
    found: RoundFacts | None,
    form: LookUpForm,
    *,
    number: int | None,
    code: str = "",
    lines: list[dict[str, Any]] | None = None,
) -> str:
    is_open = found is not None and _is_open(edition, found)
    manifest = _manifest(found) if found is not None and is_open else None
    return render_template(
        "voting/board.html",
        edition=edition,
        round=found,
        is_annulled=found is None and is_vote_annulled(reading(), edition.id),
        manifest=manifest,
        is_open=is_open,
        vote=number,
        votes=_votes(edition, found) if found else (),
        annulled=_annulled(found) if found else (),
        is_public=edition.phase(now()) is Phase.RESULTS,
        nights=_night_rows(found) if found else (),
        claims=_claim_rows(found) if found else (),
        counts=_counts(manifest) if manifest else (),
        voids=[
            [VOID_REASONS.get(reason, reason), say_number(number)]
            for reason, number in manifest["voided"].items()
        ]
        if manifest
        else (),
        files=[_file_row(edition, number, file) for file in manifest["files"]] if manifest else (),
        lists=_lists(found) if found and manifest else (),
        form=form,
        code=in_fours(code),
        lines=lines,
    )


def _counts(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """What was counted, and what of the paper was not: with the voids it makes the envelopes at closing."""
    counts = [(say_number(n), str(CHANNEL_NAMES[c])) for c, n in manifest["ballots"].items()]
    sums = manifest.get("paper", {}).get("scopes", {}).values()
    invalid, missing = (sum(one[what] for one in sums) for what in ("invalid", "missing"))
    if invalid:
        counts.append((say_number(invalid), gettext("Invalid cards, not counted")))
    if missing:
        counts.append((say_number(missing), gettext("Missing cards, not counted")))
    return counts


def _lists(found: RoundFacts) -> list[tuple[str, str, Sequence[BallotProject]]]:
    """Every list with its name and its projects' titles, from which the browser shows a line in words."""
    language = current_language()
    return [
        (s.code, scope_name(s.code), ballot_projects(found, s, language))
        for s in found.frozen.scopes
    ]


def numbered_round(edition: EditionFacts, number: int | None) -> RoundFacts | None:
    """The newest vote that stands, or the one with a number; 404 for one that is not or was annulled."""
    if number is None:
        return queries.find_round_of_edition(reading(), edition.id)
    known = list_rounds_of_edition(reading(), edition.id)
    if not 1 <= number <= len(known) or known[number - 1][1] == RoundStatus.ANNULLED.value:
        abort(404)
    return queries.get_round(reading(), known[number - 1][0])


def _votes(edition: EditionFacts, found: RoundFacts) -> list[dict[str, object]]:
    """The boards of the edition's other votes that stand; empty where there was one vote only."""
    known = list_rounds_of_edition(reading(), edition.id)
    return [
        {"url": url_for("voting.board", slug=edition.slug, number=number), "kind": kind}
        for number, (round_id, status, kind) in enumerate(known, 1)
        if round_id != found.id and status != RoundStatus.ANNULLED.value
    ]


def _annulled(found: RoundFacts) -> list[tuple[str, str]]:
    """Lists of this vote that do not count any more: which, by which act."""
    gone = list_annulments(reading(), found.id)
    return [(scope_name(one.scope), f"{one.act}: {one.note}") for one in gone]


def _is_open(edition: EditionFacts, found: RoundFacts) -> bool:
    """Whether this reader may see the opened ballots: everybody once published, before it the commission."""
    is_published = edition.phase(now()) is Phase.RESULTS
    return found.status in OPENED and (is_published or actor().has(Role.COMMISSION))


def _folder(found: RoundFacts) -> Path:
    return settings().boards / str(found.id)


def _manifest(found: RoundFacts) -> dict[str, Any] | None:
    try:
        content = (_folder(found) / "manifest.json").read_bytes()
    except OSError:
        return None
    manifest: dict[str, Any] = json.loads(content)
    return manifest


def _file_row(edition: EditionFacts, number: int | None, file: dict[str, Any]) -> dict[str, str]:
    name = file["name"]
    return {
        "name": name,
        "url": url_for("voting.board_file", slug=edition.slug, number=number, name=name),
        "size": say_number(file["size"]),
        "hash": file["sha256"],
    }


def _night_rows(found: RoundFacts) -> list[list[str]]:
    nights = queries.list_nightly_counts(reading(), found.id)
    return [[say_day(n.counted_on), say_number(n.count), n.root.hex()] for n in nights]


def _claim_rows(found: RoundFacts) -> list[list[object]]:
    """How many claims of each kind stand where; counts alone, for everybody."""
    counted = count_claims(reading(), found.id)
    return [
        [CLAIM_KINDS[kind], CLAIM_STATES[state], say_number(counted[kind, state])]
        for kind in CLAIM_KINDS
        for state in CLAIM_STATES
        if (kind, state) in counted
    ]


@voting.get("/editions/<slug>/board/files/<path:name>")
@voting.get("/editions/<slug>/board/<int:number>/files/<path:name>")
@access(Audience.PUBLIC)
def board_file(slug: str, name: str, number: int | None = None) -> ResponseReturnValue:
    """A file of the board: only what its manifest names, the manifest itself, and the look-up files."""
    edition = get_edition_by_slug(reading(), slug)
    found = numbered_round(edition, number)
    if found is None or not _is_open(edition, found):
        abort(404)
    manifest = _manifest(found)
    if manifest is None or not _is_named(manifest, name):
        abort(404)
    path = _folder(found) / name
    if not path.is_file():
        abort(404)
    kind = "application/json" if name.endswith(".json") else "text/plain; charset=utf-8"
    return _for_readers(edition, Response(path.read_bytes(), content_type=kind))


@voting.get("/editions/<slug>/board/all.zip")
@voting.get("/editions/<slug>/board/<int:number>/all.zip")
@access(Audience.PUBLIC)
def whole_board(slug: str, number: int | None = None) -> ResponseReturnValue:
    """All files of the board in one archive, as `verify.py` wants them beside it."""
    edition = get_edition_by_slug(reading(), slug)
    found = numbered_round(edition, number)
    if found is None or not _is_open(edition, found) or _manifest(found) is None:
        abort(404)
    folder = f"board-{edition.slug}" + (f"-{number}" if number else "")
    answer = Response(pack_board(_folder(found), folder=folder), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{folder}.zip"'
    return _for_readers(edition, answer)


def _for_readers(edition: EditionFacts, answer: Response) -> ResponseReturnValue:
    """Kept by caches for some minutes once everybody may read it; a reader who has it gets no copy."""
    is_public = edition.phase(now()) is Phase.RESULTS
    answer.headers["Cache-Control"] = f"public, max-age={MINUTES * 60}" if is_public else "no-store"
    answer.add_etag()
    return answer.make_conditional(request)


def _is_named(manifest: dict[str, Any], name: str) -> bool:
    listed = {file["name"] for file in manifest["files"]}
    return name in listed or name == "manifest.json" or SHARD.fullmatch(name) is not None


def _find(found: RoundFacts, code: str, name: str) -> list[dict[str, Any]]:
    """The lines under a code with what they say, and whether their proof leads to the board's root."""
    try:
        shard = json.loads((_folder(found) / name).read_bytes())
    except OSError:
        return []
    leaves = [board_leaf(Ballot(scope, line, choice)) for line, scope, choice in shard["lines"]]
    try:
        root = root_from_range(leaves, shard["start"], shard["size"], shard["nodes"])
    except ValueError:
        root = b""
    return [
        {
            **_line_shown(found, scope, choice),
            "is_proved": root == found.board_root,
            "line": ";".join((line, scope, choice)),
            "place": say_number(shard["start"] + place),
            "size": say_number(shard["size"]),
            "root": root.hex(),
        }
        for place, (line, scope, choice) in enumerate(shard["lines"], 1)
        if line == code
    ]


def _line_shown(found: RoundFacts, scope: str, choice: str) -> dict[str, Any]:
    frozen = next(s for s in found.frozen.scopes if s.code == scope)
    projects = {p.id: p for p in ballot_projects(found, frozen, current_language())}
    given = awarded(frozen.ballot, read_section(scope, choice))
    return {
        "scope": scope_name(scope),
        "slots": [{"points": n, "project": projects[p]} for p, n in given.items()],
    }
