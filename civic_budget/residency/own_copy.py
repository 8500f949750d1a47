"""The copy of one's own data as a readable, tagged PDF, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from civic_budget.accounts.devices import Device
from civic_budget.accounts.labels import DEVICE_NAMES, ROLE_NAMES
from civic_budget.city.queries import district_names
from civic_budget.kernel.actor import Role
from civic_budget.residency.complaint_rules import ComplaintKind, ComplaintState
from civic_budget.residency.copy_parts import CopyPart, Section
from civic_budget.residency.copy_words import Pair, day_of, join, moment_of
from civic_budget.residency.desk_rules import VisitReason
from civic_budget.residency.guardian_rules import TieState
from civic_budget.residency.labels import (
    SEX_NAMES,
    country_name,
)
from civic_budget.residency.labels.clauses import CLAUSE_NAMES
from civic_budget.residency.labels.complaints import COMPLAINT_STATE_NAMES, KIND_NAMES
from civic_budget.residency.labels.desk import VISIT_REASONS
from civic_budget.residency.labels.guardians import END_NAMES, PAPER_NAMES, TIE_STATES
from civic_budget.residency.labels.options import option_names
from civic_budget.residency.options import Catalogue
from civic_budget.residency.own_copy_cases import Names, say_case, say_person
from civic_budget.residency.queries.options import list_options
from civic_budget.residency.rules import Sex
from civic_budget.web.locale import OWN_NAMES
from civic_budget.web.printing import render_pdf


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
    say = Names(
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


def _record(
    session: Session, copied: dict[str, Any], say: Names, parts: Sequence[CopyPart]
) -> list[Section]:
    """The sections of one record: the person's own, or one that officers joined to it."""
    return [
        make_section(gettext("Person"), _who(copied, say.locale)),
        make_section(gettext("Your account"), _account(copied.get("account"))),
        *(
            make_section(gettext("Confirmation"), _confirmation(one, say.districts))
            for one in copied["confirmations"]
        ),
        *(
            make_section(
                gettext("Case %(reference)s", reference=one["reference"]), say_case(one, say)
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
    sex = copied["sex"]
    return [
        (gettext("Contact"), ", ".join(copied.get("contact", []))),
        *say_person(copied["identity"] or {}),
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


def _account(account: dict[str, Any] | None) -> list[Pair]:
    if account is None:
        return []
    devices = [
        join(
            DEVICE_NAMES[Device(one["device"])],
            moment_of(one["since"]),
            gettext("until %(moment)s", moment=moment_of(one["until"])),
        )
        for one in account["signed_in"]
    ]
    keys = [
        join(DEVICE_NAMES[Device(one["device"])], moment_of(one["since"]), moment_of(one["used"]))
        for one in account["passkeys"]
    ]
    return [
        (gettext("E-mail address"), account["email"] or ""),
        (gettext("Phone number"), account["phone"] or ""),
        (gettext("Card number"), account["card_number"] or ""),
        (gettext("Language of messages"), OWN_NAMES[account["language"]]),
        (gettext("Roles"), ", ".join(str(ROLE_NAMES[Role(one)]) for one in account["roles"])),
        (gettext("Password"), gettext("Yes") if account["has_password"] else gettext("No")),
        (gettext("Unused printed codes"), str(account["unused_printed_codes"])),
        *((gettext("Signed in"), said) for said in devices),
        *((gettext("Passkey"), said) for said in keys),
    ]


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
        (gettext("Why it ended"), str(END_NAMES.get(one["reason"], one["reason"] or ""))),
    ]


def _complaint(one: dict[str, Any]) -> list[Pair]:
    return [
        (gettext("About"), str(KIND_NAMES[ComplaintKind(one["about"])])),
        (gettext("State"), str(COMPLAINT_STATE_NAMES[ComplaintState(one["state"])])),
        (gettext("Received"), moment_of(one["received"])),
        (gettext("Answer due by"), moment_of(one["answer_by"])),
        (gettext("Ended"), moment_of(one["ended"])),
        (gettext("What you wrote"), one["your_words"]),
        (gettext("Reference that you gave"), one["reference_given"]),
        (gettext("Name that you gave"), one["name_given"]),
        (gettext("Birth date that you gave"), day_of(one["birth_date_given"])),
        (gettext("The answer"), one["answer"]),
    ]


def _visit(one: dict[str, Any]) -> Pair:
    # What is taken down for a newcomer has no reason to choose at the desk.
    reason = VISIT_REASONS.get(VisitReason(one["what_for"]), gettext("Registration"))
    closed = gettext("until %(moment)s", moment=moment_of(one["closed"])) if one["closed"] else ""
    return moment_of(one["at"]), join(reason, one["point"], closed)


def _clauses(shown: list[dict[str, Any]]) -> list[Pair]:
    return [
        (
            moment_of(one["at"]),
            f"{CLAUSE_NAMES.get(one['purpose'], one['purpose'])}, {one['version']} ({one['language']})",
        )
        for one in shown
    ]
