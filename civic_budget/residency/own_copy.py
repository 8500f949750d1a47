"""The copy of one's own data as a readable, tagged PDF, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from civic_budget.accounts.devices import Device
from civic_budget.accounts.labels import DEVICE_NAMES
from civic_budget.city.queries import district_names
from civic_budget.residency.complaint_rules import ComplaintKind, ComplaintState
from civic_budget.residency.copy_parts import CopyPart, Section
from civic_budget.residency.desk_rules import ProofOutcome, ProofSource, VisitReason
from civic_budget.residency.guardian_rules import TieState
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.labels import (
    ACTION_NAMES,
    ROAD_NAMES,
    SEX_NAMES,
    STATE_NAMES,
    country_name,
)
from civic_budget.residency.labels.clauses import CLAUSE_NAMES
from civic_budget.residency.labels.complaints import COMPLAINT_STATE_NAMES, KIND_NAMES
from civic_budget.residency.labels.desk import OUTCOME_NAMES, SOURCE_NAMES, VISIT_REASONS
from civic_budget.residency.labels.guardians import PAPER_NAMES, TIE_STATES
from civic_budget.residency.labels.letters import LETTER_STATES
from civic_budget.residency.labels.options import option_names
from civic_budget.residency.letter_rules import LetterState
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries.options import list_options
from civic_budget.residency.rules import CaseAction, CaseState, Road, Sex
from civic_budget.web.printing import render_pdf
from civic_budget.web.words import say_day, say_moment

Pair = tuple[str, str]


def render_copy(
    copied: dict[str, Any],
    session: Session,
    *,
    parts: Sequence[CopyPart] = (),
    title: str,
    language: str,
    city_locale: str,
) -> bytes:
    """What `service.export_person` gave with the same parts, in words; the JSON file is for machines."""
    say = _Names(
        districts=district_names(session),
        kinds=option_names(list_options(session, Catalogue.PROOF), city_locale) | PAPER_NAMES,
        locale=city_locale,
    )
    sections = [
        *_record(session, copied, say, parts),
        *(
            one | {"title": gettext("Joined record: %(section)s", section=one["title"])}
            for joined in copied["joined_records"]
            for one in _record(session, joined, say, parts)
        ),
        make_section(gettext("Joined records"), _joined(copied)),
    ]
    data = {
        "lang": language,
        "title": title,
        "lead": gettext(
            "Everything that is held about this person, taken on %(moment)s.",
            moment=moment_of(copied["taken_at"]),
        ),
        "foot": gettext("Civic budget"),
        "sections": [section for section in sections if section["pairs"]],
    }
    return render_pdf("own_data", data)


@dataclass(frozen=True)
class _Names:
    """The city's names of districts and documents, and the locale for names of countries."""

    districts: Mapping[int, str]
    kinds: Mapping[str, object]
    locale: str


def _record(
    session: Session, copied: dict[str, Any], say: _Names, parts: Sequence[CopyPart]
) -> list[Section]:
    """The sections of one record: the person's own, or one that officers joined to it."""
    return [
        make_section(gettext("Person"), _who(copied, say.locale)),
        *(
            make_section(gettext("Confirmation"), _confirmation(one, say.districts))
            for one in copied["confirmations"]
        ),
        *(
            make_section(
                gettext("Case %(reference)s", reference=one["reference"]), _case(one, say.kinds)
            )
            for one in copied["cases"]
        ),
        *_more_sections(copied),
        *(one for part in parts for one in part.sections(session, copied[part.key])),
        make_section(
            gettext("What we told you about your data"), _clauses(copied["information_shown"])
        ),
    ]


def make_section(title: str, pairs: Sequence[Pair]) -> Section:
    """A heading with names and values; pairs without a value are left out."""
    return {"title": title, "pairs": [[name, said] for name, said in pairs if said]}


def _who(copied: dict[str, Any], locale: str) -> list[Pair]:
    known, address = copied["identity"] or {}, (copied["identity"] or {}).get("address")
    sex = copied["sex"]
    return [
        (gettext("Contact"), ", ".join(copied.get("contact", []))),
        (gettext("Signing in"), _signing_in(copied.get("account"))),
        (gettext("Given names"), known.get("given_names", "")),
        (gettext("Family name"), known.get("family_name", "")),
        (gettext("Name in its own script"), known.get("original_name", "")),
        (gettext("Patronymic"), known.get("patronymic", "")),
        (gettext("Birth date"), _day(known.get("born_on"))),
        (gettext("Address"), HomeAddress(**address).one_line() if address else ""),
        (gettext("Sex"), str(SEX_NAMES[Sex(sex)]) if sex else ""),
        (
            gettext("Citizenship"),
            ", ".join(country_name(code, locale) for code in copied["citizenships"]),
        ),
    ]


def _joined(copied: dict[str, Any]) -> list[Pair]:
    others = copied["joined_records_of_other_accounts"]
    said = gettext("%(number)s. Take a copy of each from its own account.", number=others)
    return [(gettext("With another account"), said if others else "")]


def _confirmation(one: dict[str, Any], districts: Mapping[int, str]) -> list[Pair]:
    return [
        (gettext("District"), districts.get(one["district"], "")),
        (gettext("From"), moment_of(one["from"])),
        (gettext("Confirmed until"), moment_of(one["until"])),
        (gettext("Taken back"), moment_of(one["taken_back"])),
    ]


def _case(case: dict[str, Any], kinds: Mapping[str, object]) -> list[Pair]:
    signed = case["statement"]
    pairs = [
        (gettext("State"), str(STATE_NAMES[CaseState(case["state"])])),
        (gettext("Proof"), str(ROAD_NAMES[Road(case["road"])]) if case["road"] else ""),
        (gettext("Sent"), moment_of(case["sent"])),
        (gettext("Signed by"), signed["signature"] if signed else ""),
        (gettext("Your message to the office"), case["your_words"]),
        (
            gettext("What you said about your district"),
            (case["district_contested"] or {}).get("your_reason", ""),
        ),
    ]
    for deed in case["history"]:
        said = f"{ACTION_NAMES[CaseAction(deed['deed'])]}. {deed['said']}".strip()
        pairs.append((moment_of(deed["at"]), said))
    for file in case["documents"]:
        looks = ", ".join(moment_of(at) for at in file["looked_at"]) or "–"
        name = kinds.get(file["kind"], file["kind"])
        pairs.append((gettext("Document"), f"{name}, {moment_of(file['received'])}"))
        pairs.append((gettext("Looked at by an officer"), looks))
    pairs += [
        (
            gettext("Letter with a code"),
            f"{LETTER_STATES[LetterState(one['state'])]}, {moment_of(one['asked'])}",
        )
        for one in case["letters"]
    ]
    pairs += [
        (
            str(SOURCE_NAMES[ProofSource(one["source"])]),
            _outcome(one["outcome"]),
        )
        for one in case["proofs"]
    ]
    pairs += [(gettext("Checked again"), _check(check)) for check in case["checks"]]
    return pairs


def _outcome(said: str | None) -> str:
    if said is not None:
        return str(OUTCOME_NAMES[ProofOutcome(said)])
    return str(
        gettext(
            "Your city account has answered. What it said is told once the case is decided, so that "
            "nobody can find out by trying what the city knows of people."
        )
    )


def _check(check: dict[str, Any]) -> str:
    found = {
        None: gettext("not decided yet"),
        "holds": gettext("the confirmation holds"),
        "revoked": gettext("the confirmation was taken back"),
    }[check["outcome"]]
    why = gettext("drawn by lot") if check["why"] == "drawn" else gettext("after a complaint")
    return ", ".join(part for part in (why, found, moment_of(check["checked"])) if part)


def _signing_in(account: dict[str, Any] | None) -> str:
    if account is None:
        return ""
    devices = [
        f"{DEVICE_NAMES[Device(one['device'])]} ({moment_of(one['since'])})"
        for one in (*account["signed_in"], *account["passkeys"])
    ]
    return ", ".join(devices)


def _more_sections(copied: dict[str, Any]) -> list[Section]:
    """Children and guardians, complaints, visits at a desk."""
    return [
        *(
            make_section(one["name"] or gettext("Child"), _tie(one))
            for one in copied.get("children", [])
        ),
        *(make_section(gettext("Guardian"), _tie(one)) for one in copied["guardians"]),
        *(
            make_section(
                gettext("Complaint %(reference)s", reference=one["reference"]), _complaint(one)
            )
            for one in copied["complaints"]
        ),
        make_section(
            gettext("Visits at an assistance point"), [_visit(one) for one in copied["visits"]]
        ),
    ]


def _tie(one: dict[str, Any]) -> list[Pair]:
    return [
        (gettext("Guardianship"), str(TIE_STATES[TieState(one["state"])])),
        (gettext("Guardianship shown by"), str(PAPER_NAMES[one["proof"]])),
        (gettext("From"), moment_of(one["since"])),
        (gettext("Last change"), moment_of(one["changed"])),
    ]


def _complaint(one: dict[str, Any]) -> list[Pair]:
    return [
        (gettext("About"), str(KIND_NAMES[ComplaintKind(one["about"])])),
        (gettext("State"), str(COMPLAINT_STATE_NAMES[ComplaintState(one["state"])])),
        (gettext("Received"), moment_of(one["received"])),
        (gettext("Ended"), moment_of(one["ended"])),
        (gettext("What you wrote"), one["your_words"]),
        (gettext("Reference that you gave"), one["reference_given"]),
        (gettext("Name that you gave"), one["name_given"]),
        (gettext("Answer"), one["answer"]),
    ]


def _visit(one: dict[str, Any]) -> Pair:
    # What is taken down for a newcomer has no reason to choose at the desk.
    reason = VISIT_REASONS.get(VisitReason(one["what_for"]), gettext("Registration"))
    return moment_of(one["at"]), ", ".join(part for part in (str(reason), one["point"]) if part)


def _clauses(shown: list[dict[str, Any]]) -> list[Pair]:
    return [
        (
            moment_of(one["at"]),
            f"{CLAUSE_NAMES.get(one['purpose'], one['purpose'])}, {one['version']} ({one['language']})",
        )
        for one in shown
    ]


def moment_of(said: str | None) -> str:
    """A moment of the copy in the reader's language."""
    return say_moment(datetime.fromisoformat(said)) if said else ""


def _day(said: str | None) -> str:
    return say_day(date.fromisoformat(said)) if said else ""
