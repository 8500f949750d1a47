"""A resident's deeds before sending: start a case, answer its questions, sign, add documents."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from civic_budget.city.queries import find_address
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency import policy
from civic_budget.residency.clauses import current_clause
from civic_budget.residency.events import CaseStarted, EvidenceReceived
from civic_budget.residency.guardian_rules import AT_DESK, GUARDIAN_PAPERS, is_ward_age
from civic_budget.residency.identity import Answers, HomeAddress
from civic_budget.residency.models import (
    ClauseShown,
    EvidenceFile,
    Person,
    PersonHolder,
    PersonMatchKey,
    ResidenceCase,
)
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries.cases import (
    answers_of,
    find_open_case,
    list_evidence,
    relations_of,
)
from civic_budget.residency.queries.guardians import find_claim_proof
from civic_budget.residency.queries.options import offered_codes
from civic_budget.residency.queries.persons import (
    acts_for,
    find_confirmation,
    get_limits,
    identity_of,
    own_person,
    sex_of,
)
from civic_budget.residency.queries.roads import open_roads
from civic_budget.residency.rules import (
    MAX_FILES,
    CaseState,
    Purpose,
    Road,
    check_birth_date,
    new_reference,
)
from civic_budget.residency.service.case_rows import (
    load_case,
    require_open_road,
    store_answers,
)
from civic_budget.residency.service.home_words import described_home, listed_home
from civic_budget.residency.service.registers import forget_matches
from civic_budget.residency.service.voiding import Voided
from civic_budget.storage.db import Work


def start_case(
    work: Work,
    actor: Actor,
    *,
    account_id: UUID,
    language: str,
    at: datetime,
    person_id: UUID | None = None,
    purpose: Purpose | None = None,
) -> UUID:
    """Open a draft for the account's person (made now, if there is none); returns the case's id.

    The open case is returned when there is one already: a second click opens nothing. Without a
    purpose it is the first case, or a move when a confirmation holds.
    """
    person = person_id or own_person(work.session, account_id) or _new_person(work, account_id, at)
    work.session.get(Person, person, with_for_update=True)
    if not actor.is_system and not acts_for(work.session, account_id, person):
        raise NotFound
    known = find_open_case(work.session, person)
    if known is not None:
        return known.id
    held = find_confirmation(work.session, person, at=at)
    case = ResidenceCase(
        id=uuid4(),
        reference=new_reference(),
        person_id=person,
        account_id=account_id,
        purpose=(purpose or (Purpose.MOVE if held else Purpose.FIRST)).value,
        state=CaseState.DRAFT.value,
        language=language,
        flags=[],
        is_flagged=False,
        created_at=at,
        updated_at=at,
    )
    work.session.add(case)
    store_answers(work, case, _known_answers(work, person, purpose), at=at)
    work.publish(CaseStarted(case_id=case.id, person_id=person, at=at, by=actor.account_id))
    return case.id


def tell_name(
    work: Work,
    actor: Actor,
    *,
    case_id: UUID,
    given_names: str,
    family_name: str,
    original_name: str = "",
    patronymic: str = "",
    at: datetime,
) -> Voided:
    """Tell the names as in the document, and other forms of them if wished.

    As with birth date and home, what was shown or signed about a former answer counts no more: it is
    returned, so that the person hears it.
    """
    if not any(letter.isalpha() for letter in given_names):
        raise Conflict("name_missing", field="given_names")
    return _tell(
        work,
        actor,
        case_id,
        at,
        given_names=squeeze(given_names),
        family_name=squeeze(family_name),
        original_name=squeeze(original_name),
        patronymic=squeeze(patronymic),
    )


def tell_birth_date(
    work: Work, actor: Actor, *, case_id: UUID, born_on: date, at: datetime
) -> Voided:
    """Tell the birth date; raises Conflict at `birth_date` when no living person can have it."""
    check_birth_date(born_on, at)
    _check_child_age(work, case_id, born_on, at)
    return _tell(work, actor, case_id, at, born_on=born_on)


def tell_sex(work: Work, actor: Actor, *, case_id: UUID, sex: str | None, at: datetime) -> None:
    """Tell one's sex, or that one would rather not."""
    _tell(work, actor, case_id, at, sex=sex, sex_asked=True)


def tell_address(
    work: Work, actor: Actor, *, case_id: UUID, address: HomeAddress, at: datetime
) -> Voided:
    """Tell the home; the district follows from the city's street list.

    Raises Conflict at `street` when the city has no such street or place, at `house` when the
    number is missing or lies on no stretch.
    """
    home, district = listed_home(work, address)
    return _tell(work, actor, case_id, at, address=home, district=district)


def describe_home(
    work: Work, actor: Actor, *, case_id: UUID, description: str, district: int, at: datetime
) -> Voided:
    """Tell a home that has no street in the city's list, in one's own words, and its district.

    Raises Conflict at `description` for too few words, at `district` for none such.
    """
    home, _ = described_home(work, description, district)
    return _tell(work, actor, case_id, at, address=home, district=district)


def choose_road(work: Work, actor: Actor, *, case_id: UUID, road: Road, at: datetime) -> None:
    """Choose to prove by statement or by document; Conflict `road_closed` where the edition closes it."""
    case = editable(work, actor, case_id)
    if road not in open_roads(work.session, at=at):
        raise Conflict("road_closed", field="road")
    case.road = road.value
    case.updated_at = at


def add_evidence(
    work: Work,
    actor: Actor,
    *,
    case_id: UUID,
    vault_id: str,
    kind: str,
    page_count: int,
    at: datetime,
) -> UUID:
    """Note a document whose pages are in the vault already; returns its id.

    Raises Conflict at `kind` for an unknown kind, at `file` when there are five documents or where the
    edition closes this road; an officer's request may always be answered with one.
    """
    case = editable(work, actor, case_id)
    require_open_road(work, case, Road.DOCUMENT, field="file", at=at)
    if kind not in GUARDIAN_PAPERS and kind not in offered_codes(work.session, Catalogue.PROOF):
        raise Conflict("unknown_proof", field="kind")
    if len(list_evidence(work.session, case_id)) >= MAX_FILES:
        raise Conflict("too_many_files", field="file", most=MAX_FILES)
    limits = get_limits(work.session)
    file_id = uuid4()
    work.session.add(
        EvidenceFile(
            id=file_id,
            case_id=case_id,
            vault_id=vault_id,
            kind=kind,
            page_count=page_count,
            received_at=at,
            delete_after=at + timedelta(days=limits.evidence_days_unfinished),
        )
    )
    case.road = Road.DOCUMENT.value
    case.updated_at = at
    work.publish(
        EvidenceReceived(case_id=case_id, file_id=file_id, kind=kind, at=at, by=actor.account_id)
    )
    return file_id


def require_editable(work: Work, actor: Actor, *, case_id: UUID) -> None:
    """Refuse early, before a document is read at length."""
    editable(work, actor, case_id)


def condemn_evidence(
    work: Work, actor: Actor, *, case_id: UUID, file_id: UUID, at: datetime
) -> None:
    """Take a document out of the case; `retention.destroy` then deletes its pages."""
    editable(work, actor, case_id)
    row = work.session.scalars(
        select(EvidenceFile).where(EvidenceFile.id == file_id, EvidenceFile.case_id == case_id)
    ).first()
    if row is None:
        raise NotFound
    if row.deleted_why is None:
        row.deleted_why, row.delete_after = "removed", at


def note_clause(work: Work, *, person_id: UUID, purpose: str, language: str, at: datetime) -> None:
    """Remember which version of an information clause the person was shown, once for each."""
    version = str(current_clause(purpose, city_day(at)).version)
    known = select(ClauseShown.id).where(
        ClauseShown.person_id == person_id,
        ClauseShown.purpose == purpose,
        ClauseShown.version == version,
        ClauseShown.language == language,
    )
    if work.session.scalars(known).first() is not None:
        return
    work.session.add(
        ClauseShown(
            person_id=person_id, purpose=purpose, version=version, language=language, shown_at=at
        )
    )


def forget_draft(work: Work, case: ResidenceCase) -> None:
    """A draft ends without having been sent: what registers said of it goes, and keys of its person.

    Somebody who never sent anything is nobody's double. Keys of a person who did send stay.
    """
    forget_matches(work, case)
    sent = select(ResidenceCase.id).where(
        ResidenceCase.person_id == case.person_id, ResidenceCase.submitted_at.is_not(None)
    )
    if work.session.scalars(sent).first() is None:
        work.session.execute(
            delete(PersonMatchKey).where(PersonMatchKey.person_id == case.person_id)
        )


def _tell(work: Work, actor: Actor, case_id: UUID, at: datetime, **values: object) -> Voided:
    case = editable(work, actor, case_id)
    return store_answers(work, case, answers_of(work.session, case).told(**values), at=at)


def editable(work: Work, actor: Actor, case_id: UUID) -> ResidenceCase:
    """The case, locked, if its answers can still be changed by this account."""
    case = load_case(work, case_id)
    require(policy.may_edit(actor, relations_of(work.session, case_id)))
    return case


def _new_person(work: Work, account_id: UUID, at: datetime) -> UUID:
    person_id = uuid4()
    work.session.add(Person(id=person_id, created_at=at))
    work.session.flush()
    work.session.add(
        PersonHolder(account_id=account_id, person_id=person_id, relation="holder", since_at=at)
    )
    work.session.flush()
    return person_id


def _known_answers(work: Work, person_id: UUID, purpose: Purpose | None) -> Answers:
    """What a former case told already: a move asks for the new home only."""
    known = identity_of(work.session, person_id)
    if known is None:
        return Answers()
    home = None if purpose is Purpose.MOVE else known.address
    if purpose is None:
        home = None
    found = _district_of_home(work, person_id, home) if home else None
    return Answers.known(
        known,
        sex=sex_of(work.session, person_id),
        address=home if found else None,
        district=found,
    )


def _district_of_home(work: Work, person_id: UUID, home: HomeAddress) -> int | None:
    """The district of a known home; one that the list leaves open keeps the district told with it."""
    if home.is_described:
        return home.district
    found = find_address(work.session, home.street, home.house)
    if found is None:
        return None
    told = work.session.get_one(Person, person_id).district
    return told if told in found.districts else found.district


def _check_child_age(work: Work, case_id: UUID, born_on: date, at: datetime) -> None:
    """A claimed child is old enough for the online road, and young enough to have a guardian."""
    case, limits = load_case(work, case_id), get_limits(work.session)
    proof = find_claim_proof(work.session, case.person_id)
    if proof is None:
        return
    if not is_ward_age(born_on, at, until_age=limits.hand_over_age):
        raise Conflict("no_child_any_more", field="birth_date")
    if proof != AT_DESK and is_ward_age(born_on, at, until_age=limits.guardian_youngest_age):
        raise Conflict("child_to_desk", field="birth_date", age=limits.guardian_youngest_age)


def squeeze(words: str) -> str:
    """Words without spare blanks."""
    return " ".join(words.split())
