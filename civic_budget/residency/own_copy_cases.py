"""A residence case in the copy of one's own data, in words: answers, deadlines, proofs, letters, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from civic_budget.residency.contest_rules import ContestState
from civic_budget.residency.copy_words import Pair, day_of, join, moment_of
from civic_budget.residency.desk_rules import ProofOutcome, ProofSource
from civic_budget.residency.identity import HomeAddress
from civic_budget.residency.labels import (
    ACTION_NAMES,
    PURPOSE_NAMES,
    ROAD_NAMES,
    SEX_NAMES,
    STATE_NAMES,
)
from civic_budget.residency.labels.desk import OUTCOME_NAMES, SOURCE_NAMES
from civic_budget.residency.labels.guardians import CONTEST_NAMES
from civic_budget.residency.labels.letters import LETTER_STATES, REGISTER_NAMES
from civic_budget.residency.letter_rules import LetterState
from civic_budget.residency.rules import CaseAction, CaseState, Purpose, Road, Sex
from civic_budget.web.locale import OWN_NAMES


@dataclass(frozen=True)
class Names:
    """The city's names of districts and documents, and the locale for names of countries."""

    districts: Mapping[int, str]
    kinds: Mapping[str, object]
    locale: str

    def district(self, number: int | None) -> str:
        """A district by name."""
        return self.districts.get(number, "") if number is not None else ""

    def kind(self, code: str) -> str:
        """A document or a list by name."""
        return str(self.kinds.get(code) or REGISTER_NAMES.get(code) or code)


def say_person(told: Mapping[str, Any]) -> list[Pair]:
    """Names, birth date and home, of an identity or of the answers in a case."""
    address = told.get("address")
    return [
        (gettext("Given names"), told.get("given_names", "")),
        (gettext("Family name"), told.get("family_name", "")),
        (gettext("Name in its own script"), told.get("original_name", "")),
        (gettext("Patronymic"), told.get("patronymic", "")),
        (gettext("Birth date"), day_of(told.get("born_on"))),
        (gettext("Address"), _address(address) if address else ""),
    ]


def say_case(case: dict[str, Any], say: Names) -> list[Pair]:
    """Everything of one case."""
    return [
        (gettext("Purpose"), str(PURPOSE_NAMES[Purpose(case["purpose"])])),
        (gettext("State"), str(STATE_NAMES[CaseState(case["state"])])),
        (gettext("Proof"), str(ROAD_NAMES[Road(case["road"])]) if case["road"] else ""),
        (gettext("Language"), OWN_NAMES[case["language"]]),
        (gettext("Begun"), moment_of(case["begun"])),
        (gettext("Sent"), moment_of(case["sent"])),
        (gettext("Decision due by"), moment_of(case["decision_due"])),
        (gettext("Your answer due by"), moment_of(case["answer_due"])),
        (gettext("Decided"), moment_of(case["decided"])),
        (gettext("Appeal possible until"), moment_of(case["appeal_due"])),
        (gettext("District"), say.district(case["district"])),
        *_answers(case["answers"], say),
        *_statement(case["statement"]),
        (gettext("Your message to the office"), case["your_words"]),
        *_contested(case["district_contested"], say),
        *(_deed(deed) for deed in case["history"]),
        *(pair for file in case["documents"] for pair in _document(file, say)),
        *((gettext("Letter with a code"), _letter(one)) for one in case["letters"]),
        *(
            (str(SOURCE_NAMES[ProofSource(one["source"])]), _proof(one, say))
            for one in case["proofs"]
        ),
        *((gettext("Checked again"), _check(check)) for check in case["checks"]),
    ]


def _answers(told: Mapping[str, Any], say: Names) -> list[Pair]:
    sex = told.get("sex")
    return [
        *say_person(told),
        (gettext("Sex"), str(SEX_NAMES[Sex(sex)]) if sex else ""),
        (gettext("District of this address"), say.district(told.get("district"))),
        (gettext("District that you meant"), say.district(told.get("contested_district"))),
    ]


def _address(address: Mapping[str, Any]) -> str:
    home = HomeAddress(**address)
    return join(home.one_line(), home.note)


def _statement(signed: Mapping[str, Any] | None) -> list[Pair]:
    if signed is None:
        return []
    by = {
        "email": gettext("confirmed by a code to your e-mail"),
        "phone": gettext("confirmed by a code to your phone"),
        "desk": gettext("signed at a desk"),
        "one_tap": gettext("repeated with one tap"),
        None: "",
    }[signed["confirmed_by"]]
    text = gettext("text %(version)s", version=signed["version"])
    said = join(text, OWN_NAMES[signed["language"]], moment_of(signed["signed"]), by)
    return [(gettext("Signed by"), signed["signature"]), (gettext("Statement"), said)]


def _contested(contest: Mapping[str, Any] | None, say: Names) -> list[Pair]:
    if contest is None:
        return []
    said = gettext(
        "the list says %(listed)s, you mean %(meant)s",
        listed=say.district(contest["listed"]),
        meant=say.district(contest["meant"]),
    )
    state = CONTEST_NAMES[ContestState(contest["state"])]
    return [
        (gettext("District contested"), join(said, state, moment_of(contest["at"]))),
        (gettext("What you said about your district"), contest["your_reason"]),
    ]


def _deed(deed: Mapping[str, Any]) -> Pair:
    said = f"{ACTION_NAMES[CaseAction(deed['deed'])]}. {deed['said']}".strip()
    return moment_of(deed["at"]), said


def _document(file: Mapping[str, Any], say: Names) -> list[Pair]:
    pages = gettext("pages: %(number)s", number=file["pages"])
    looks = ", ".join(moment_of(at) for at in file["looked_at"]) or "–"
    return [
        (gettext("Document"), join(say.kind(file["kind"]), pages, moment_of(file["received"]))),
        (gettext("Kept until at most"), moment_of(file["kept_until"])),
        (gettext("Deleted"), moment_of(file["deleted"])),
        (gettext("Looked at by an officer"), looks),
    ]


def _letter(one: Mapping[str, Any]) -> str:
    return join(
        LETTER_STATES[LetterState(one["state"])],
        gettext("asked for: %(moment)s", moment=moment_of(one["asked"])),
        _dated(gettext("printed: %(moment)s"), one["printed"]),
        _dated(gettext("posted: %(moment)s"), one["posted"]),
        _dated(gettext("the code works until: %(moment)s"), one["code_until"]),
        _dated(gettext("ended: %(moment)s"), one["ended"]),
        gettext("wrong codes: %(number)s", number=one["wrong_codes"]) if one["wrong_codes"] else "",
    )


def _dated(words: str, said: str | None) -> str:
    return words % {"moment": moment_of(said)} if said else ""


def _proof(one: Mapping[str, Any], say: Names) -> str:
    return join(
        _outcome(one["outcome"]),
        say.kind(one["kind"]),
        gettext("of %(day)s", day=day_of(one["document_of"])) if one["document_of"] else "",
        moment_of(one["noted"]),
        one["point"],
    )


def _outcome(said: str | None) -> str:
    if said is not None:
        return str(OUTCOME_NAMES[ProofOutcome(said)])
    return str(
        gettext(
            "Your city account has answered. What it said is told once the case is decided, so that "
            "nobody can find out by trying what the city knows of people."
        )
    )


def _check(check: Mapping[str, Any]) -> str:
    found = {
        None: gettext("not decided yet"),
        "holds": gettext("the confirmation holds"),
        "revoked": gettext("the confirmation was taken back"),
    }[check["outcome"]]
    why = gettext("drawn by lot") if check["why"] == "drawn" else gettext("after a complaint")
    return join(why, moment_of(check["opened"]), found, moment_of(check["checked"]))
