"""What an observer takes away: the sealed urn, `k_mac`, and a tool that opens it on another machine."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting import commission_queries
from civic_budget.voting.ballot_box import read_urn
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import Round
from civic_budget.voting.opening import Urn
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.service.findings import eligible_tags
from civic_budget.voting.service.restoring import last_sealed

FORMAT = "civic-budget sealed export 1"
TOOL = Path(__file__).parent / "reopen.py"
_SEALED = (RoundStatus.VERIFICATION, RoundStatus.OPENED, RoundStatus.FINAL)


def export_round(work: Work, *, secrets: RoundSecrets, at: datetime) -> bytes:
    """The sealed export as a ZIP; the same urn gives the same files. Raises Conflict before the closing.

    It opens nothing without the members' key files. `k_mac` in it proves that envelopes came through
    this system; whoever holds it could forge that proof, so the observer keeps it to themselves.
    """
    row = work.session.get_one(Round, secrets.round_id)
    sealed = last_sealed(work.session, row.id)
    if RoundStatus(row.status) not in _SEALED or sealed is None:
        raise Conflict("not_in_verification")
    urn = read_urn(work.session, row.id, eligible_tags(work.session, secrets=secrets, at=at))
    facts = {
        "format": FORMAT,
        "round": str(row.id),
        "public_key": row.public_key.hex(),
        "sealed_root": sealed.root.hex(),
        "sealed_count": sealed.count,
        "board_root": row.board_root.hex() if row.board_root else None,
        "status": row.status,
    }
    files = {
        "round.json": (json.dumps(facts, indent=1, sort_keys=True) + "\n").encode(),
        "list.json": row.list_content,
        "sealed-list.txt": sealed.hashes.encode(),
        "k_mac.txt": f"{secrets.k_mac.hex()}\n".encode(),
        "batches.json": _batches(work, row.id),
        "reopen.py": TOOL.read_bytes(),
        **_tables(urn),
    }
    return _zipped(files)


def _batches(work: Work, round_id: UUID) -> bytes:
    """Every batch with its sum and the reasons of its invalid cards, as its protocol states them."""
    told = [
        {
            "batch": one.id.hex,
            "scope": one.scope,
            "protocol": one.protocol_number,
            "is_closed": one.is_closed,
            "slips": one.claimed,
            "keyed": one.keyed,
            "invalid": dict(one.invalids),
            "missing": one.missing,
            "note": one.missing_note,
            "mac": one.mac.hex() if one.mac else "",
        }
        for one in commission_queries.list_batches(work.session, round_id)
        if not one.is_mixed
    ]
    told.sort(key=lambda one: str(one["batch"]))
    return (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()


def _tables(urn: Urn) -> dict[str, bytes]:
    """The urn as lines of hexadecimal values, in the order of the tags; humans as numbers."""
    numbers: dict[UUID, int] = {}
    humans = {
        tag: numbers.setdefault(human, len(numbers) + 1)
        for tag, human in sorted(urn.eligible.items())
    }
    return {
        "envelopes.csv": _lines(
            (e.tag.hex(), e.channel, (e.sealed or b"").hex(), e.mac.hex())
            for e in sorted(urn.envelopes, key=lambda e: e.tag)
        ),
        "voids.csv": _lines(
            (v.tag.hex(), v.reason, v.first_by.hex, v.second_by.hex, v.mac.hex())
            for v in sorted(urn.voids, key=lambda v: v.tag)
        ),
        "papers.csv": _lines(
            (p.serial_tag.hex(), p.batch.hex, p.sealed.hex(), p.mac.hex())
            for p in sorted(urn.papers, key=lambda p: p.serial_tag)
        ),
        "eligible.csv": _lines((tag.hex(), str(number)) for tag, number in humans.items()),
    }


def _lines(rows: Iterable[tuple[str, ...]]) -> bytes:
    return "".join(";".join(row) + "\n" for row in rows).encode("ascii")


def _zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()
