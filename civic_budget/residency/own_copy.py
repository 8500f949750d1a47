"""The copy of one's own data as a readable, tagged PDF, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from civic_budget.accounts.devices import Device
from civic_budget.accounts.labels import DEVICE_NAMES
from civic_budget.residency.complaint_rules import ComplaintKind, ComplaintState
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
from civic_budget.residency.letter_rules import LetterState
from civic_budget.residency.rules import CaseAction, CaseState, Road, Sex
from civic_budget.web.printing import render_pdf
from civic_budget.web.words import say_day, say_moment

Pair = tuple[str, str]


def render_copy(
    copied: dict[str, Any],
    districts: dict[int, str],
    *,
    title: str,
    language: str,
    city_locale: str,
) -> bytes:
    """What `service.export_person` gave, in words; the JSON file holds the same for machines."""
    sections = [
        _section(gettext("Person"), _who(copied, city_locale)),
        *(
            _section(gettext("Confirmation"), _confirmation(one, districts))
            for one in copied["confirmations"]
        ),
        *(
            _section(gettext("Case %(reference)s", reference=one["reference"]), _case(one))
            for one in copied["cases"]
        ),
        *_more_sections(copied),
        _section(
            gettext("What we told you about your data"), _clauses(copied["information_shown"])
        ),
    ]
    data = {
        "lang": language,
        "title": title,
        "lead": gettext(
            "Everything that is held about this person, taken on %(moment)s.",
            moment=_moment(copied["taken_at"]),
        ),
        "foot": gettext("Civic budget"),
        "sections": [section for section in sections if section["pairs"]],
    }
    return render_pdf("own_data", data)


def _section(title: str, pairs: Sequence[Pair]) -> dict[str, Any]:
    return {"title": title, "pairs": [[name, said] for name, said in pairs if said]}


def _who(copied: dict[str, Any], locale: str) -> list[Pair]:
    known, address = copied["identity"] or {}, (copied["identity"] or {}).get("address")
    sex = copied["sex"]
    return [
        (gettext("Contact"), ", ".join(copied["contact"])),
        (gettext("Signing in"), _signing_in(copied["account"])),
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


def _confirmation(one: dict[str, Any], districts: dict[int, str]) -> list[Pair]:
    return [
        (gettext("District"), districts.get(one["district"], "")),
        (gettext("From"), _moment(one["from"])),
        (gettext("Confirmed until"), _moment(one["until"])),
        (gettext("Taken back"), _moment(one["taken_back"])),
    ]


def _case(case: dict[str, Any]) -> list[Pair]:
    signed = case["statement"]
    pairs = [
        (gettext("State"), str(STATE_NAMES[CaseState(case["state"])])),
        (gettext("Proof"), str(ROAD_NAMES[Road(case["road"])]) if case["road"] else ""),
        (gettext("Sent"), _moment(case["sent"])),
        (gettext("Signed by"), signed["signature"] if signed else ""),
        (gettext("Your message to the office"), case["your_words"]),
        (
            gettext("What you said about your district"),
            (case["district_contested"] or {}).get("your_reason", ""),
        ),
    ]
    for deed in case["history"]:
        said = f"{ACTION_NAMES[CaseAction(deed['deed'])]}. {deed['said']}".strip()
        pairs.append((_moment(deed["at"]), said))
    for file in case["documents"]:
        looks = ", ".join(_moment(at) for at in file["looked_at"]) or "–"
        name = str(PAPER_NAMES.get(file["kind"], file["kind"]))
        pairs.append((gettext("Document"), f"{name}, {_moment(file['received'])}"))
        pairs.append((gettext("Looked at by an officer"), looks))
    pairs += [
        (
            gettext("Letter with a code"),
            f"{LETTER_STATES[LetterState(one['state'])]}, {_moment(one['asked'])}",
        )
        for one in case["letters"]
    ]
    pairs += [
        (
            str(SOURCE_NAMES[ProofSource(one["source"])]),
            str(OUTCOME_NAMES[ProofOutcome(one["outcome"])]),
        )
        for one in case["proofs"]
    ]
    pairs += [(gettext("Checked again"), _check(check)) for check in case["checks"]]
    return pairs


def _check(check: dict[str, Any]) -> str:
    found = {
        None: gettext("not decided yet"),
        "holds": gettext("the confirmation holds"),
        "revoked": gettext("the confirmation was taken back"),
    }[check["outcome"]]
    why = gettext("drawn by lot") if check["why"] == "drawn" else gettext("after a complaint")
    return ", ".join(part for part in (why, found, _moment(check["checked"])) if part)


def _signing_in(account: dict[str, Any] | None) -> str:
    if account is None:
        return ""
    devices = [
        f"{DEVICE_NAMES[Device(one['device'])]} ({_moment(one['since'])})"
        for one in (*account["signed_in"], *account["passkeys"])
    ]
    return ", ".join(devices)


def _more_sections(copied: dict[str, Any]) -> list[dict[str, Any]]:
    """Children and guardians, complaints, visits at a desk."""
    return [
        *(_section(one["name"] or gettext("Child"), _tie(one)) for one in copied["children"]),
        *(_section(gettext("Guardian"), _tie(one)) for one in copied["guardians"]),
        *(
            _section(
                gettext("Complaint %(reference)s", reference=one["reference"]), _complaint(one)
            )
            for one in copied["complaints"]
        ),
        _section(
            gettext("Visits at an assistance point"), [_visit(one) for one in copied["visits"]]
        ),
    ]


def _tie(one: dict[str, Any]) -> list[Pair]:
    return [
        (gettext("Guardianship"), str(TIE_STATES[TieState(one["state"])])),
        (gettext("Guardianship shown by"), str(PAPER_NAMES[one["proof"]])),
        (gettext("From"), _moment(one["since"])),
        (gettext("Last change"), _moment(one["changed"])),
    ]


def _complaint(one: dict[str, Any]) -> list[Pair]:
    return [
        (gettext("About"), str(KIND_NAMES[ComplaintKind(one["about"])])),
        (gettext("State"), str(COMPLAINT_STATE_NAMES[ComplaintState(one["state"])])),
        (gettext("Received"), _moment(one["received"])),
        (gettext("Ended"), _moment(one["ended"])),
        (gettext("What you wrote"), one["your_words"]),
        (gettext("Reference that you gave"), one["reference_given"]),
        (gettext("Name that you gave"), one["name_given"]),
        (gettext("Answer"), one["answer"]),
    ]


def _visit(one: dict[str, Any]) -> Pair:
    # What is taken down for a newcomer has no reason to choose at the desk.
    reason = VISIT_REASONS.get(VisitReason(one["what_for"]), gettext("Registration"))
    return _moment(one["at"]), ", ".join(part for part in (str(reason), one["point"]) if part)


def _clauses(shown: list[dict[str, Any]]) -> list[Pair]:
    return [
        (
            _moment(one["at"]),
            f"{CLAUSE_NAMES.get(one['purpose'], one['purpose'])}, {one['version']} ({one['language']})",
        )
        for one in shown
    ]


def _moment(said: str | None) -> str:
    return say_moment(datetime.fromisoformat(said)) if said else ""


def _day(said: str | None) -> str:
    return say_day(date.fromisoformat(said)) if said else ""
