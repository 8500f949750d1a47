"""A document's machine-readable lines: they tell name and birth date; the number becomes a blind key."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import sealing
from civic_budget.residency.matching import Document, blind_keys
from civic_budget.residency.matching.mrz import MachineReadable, MrzError, read_mrz
from civic_budget.residency.models import PersonMatchKey
from civic_budget.residency.queries.cases import answers_of
from civic_budget.residency.service.case_rows import load_case
from civic_budget.residency.service.drafts import tell_birth_date, tell_name
from civic_budget.residency.service.voiding import Voided
from civic_budget.storage.db import Work


def tell_document_lines(
    work: Work, actor: Actor, *, case_id: UUID, lines: str, at: datetime
) -> Voided:
    """Tell names and birth date as the lines spell them; other forms of the name told before stay.

    The document's number is turned into its blind key and forgotten. Raises Conflict `line_wrong` at
    `lines` when a check digit differs, at `birth_date` for a day that no living person can have.
    """
    try:
        read = read_mrz(lines, today=city_day(at))
    except MrzError:
        raise Conflict("line_wrong", field="lines") from None
    names = (read.given_names, read.family_name) if read.given_names else (read.family_name, "")
    by_name = tell_name(
        work,
        actor,
        case_id=case_id,
        given_names=names[0],
        family_name=names[1],
        at=at,
        **_kept(work, case_id),
    )
    by_date = Voided()
    if read.birth_on is not None:
        by_date = tell_birth_date(work, actor, case_id=case_id, born_on=read.birth_on, at=at)
    _note_number(work, load_case(work, case_id).person_id, read)
    return Voided(by_name.signature or by_date.signature, by_name.proofs or by_date.proofs)


def _kept(work: Work, case_id: UUID) -> dict[str, str]:
    told = answers_of(work.session, load_case(work, case_id))
    return {"original_name": told.original_name, "patronymic": told.patronymic}


def _note_number(work: Work, person_id: UUID, read: MachineReadable) -> None:
    if read.birth_on is None or not read.document_number:
        return
    key = blind_keys(
        work.keyring.key(sealing.MATCHING),
        given_names=read.given_names,
        family_name=read.family_name,
        birth_on=read.birth_on,
        document=Document(_kind_of(read.document_code), read.issuer, read.document_number),
        address=None,
    ).k2
    if key is None:
        return
    work.session.execute(
        delete(PersonMatchKey).where(
            PersonMatchKey.person_id == person_id, PersonMatchKey.kind == "k2"
        )
    )
    work.session.add(PersonMatchKey(person_id=person_id, kind="k2", value=key))
    work.session.flush()


def _kind_of(code: str) -> str:
    """A document's kind as desks name it, so that one document has one key."""
    if code.startswith("P"):
        return "passport"
    return "residence_card" if code.endswith("R") else "identity_card"
