"""The commission's round: prepare, test, watch, close, check, open. Each state says what comes next.

Nothing here counts by project before the opening. Key files and passphrases pass through one request
and are kept nowhere.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import SelectChoice

from civic_budget.accounts.queries import list_accounts_with_role, staff_name_of
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import get_current_edition
from civic_budget.editions.rules import CITY_WIDE, scope_of
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import DomainError
from civic_budget.residency.queries import find_last_case
from civic_budget.voting import keyfiles, queries, service
from civic_budget.voting.forms import (
    ForgetForm,
    KeysForm,
    PrepareForm,
    SuspendForm,
    VoidForm,
    held_keys,
    keys_form,
)
from civic_budget.voting.keys import SecretsRefused
from civic_budget.voting.labels import (
    CHANNEL_NAMES,
    FINDING_NAMES,
    STATUS_NAMES,
    TROUBLE_NAMES,
    VOID_REASONS,
    say_refusal,
)
from civic_budget.voting.opening import OpeningRefused, Problem
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import RoundStatus, VoidReason
from civic_budget.voting.service import Finding
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import load_secrets
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.words import say_day, say_number


@voting.get("/office/round")
@access(Audience.COMMISSION)
def office_round() -> ResponseReturnValue:
    """The round of the present edition: where it stands, what comes next, what cannot be undone."""
    return _show_round()


def _show_round(form: Form | None = None) -> str:
    edition = get_current_edition(reading(), at=now())
    found = queries.find_round_of_edition(reading(), edition.id)
    if found is None:
        return render_template("voting/office/none.html", edition=edition)
    is_checked = found.status is RoundStatus.VERIFICATION
    findings = _findings(found) if is_checked else ()
    return render_template(
        "voting/office/round.html",
        edition=edition,
        round=found,
        status_name=STATUS_NAMES[found.status],
        is_over=now() >= found.closes_at,
        is_begun=now() >= found.opens_at,
        members_rows=_member_rows(found),
        counts=queries.count_envelopes(reading(), found.id),
        nights_rows=_night_rows(found),
        voids=queries.count_voids(reading(), found.id),
        waiting=queries.list_waiting_voids(reading(), found.id) if is_checked else (),
        findings=[_finding_shown(f) for f in findings or ()],
        secrets_missing=findings is None,
        channel_names=CHANNEL_NAMES,
        void_reasons=VOID_REASONS,
        me=actor().account_id,
        form=form or SuspendForm(),
    )


def _member_rows(found: RoundFacts) -> list[list[object]]:
    members = queries.list_members(reading(), found.id)
    return [[m.number, staff_name_of(reading(), m.account_id), m.key_fingerprint] for m in members]


def _night_rows(found: RoundFacts) -> list[list[object]]:
    nights = queries.list_nightly_counts(reading(), found.id)
    return [[say_day(n.counted_on), say_number(n.count), n.root.hex()] for n in nights]


def _findings(found: RoundFacts) -> Sequence[Finding] | None:
    """What must be decided before the opening; None when this server lacks the round's secrets."""
    try:
        secrets = load_secrets(found)
    except SecretsRefused:
        return None
    return service.list_findings(reading(), secrets=secrets, at=now())


def _finding_shown(finding: Finding) -> dict[str, object]:
    case = find_last_case(reading(), finding.person_id) if finding.person_id else None
    return {
        "tag": finding.tag.hex(),
        "short": finding.tag.hex()[:8],
        "why": FINDING_NAMES[finding.kind.value],
        "channel": CHANNEL_NAMES[finding.channel],
        "reference": case.reference if case else "",
        "suggested": finding.suggested.value,
    }


def _void_form() -> VoidForm:
    form = VoidForm()
    form.reason.choices = [
        SelectChoice(reason.value, str(name)) for reason, name in VOID_REASONS.items()
    ]
    return form


@voting.route("/office/round/prepare", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def prepare() -> ResponseReturnValue:
    """Name the members; the list is frozen and the key files are shown, once."""
    form = PrepareForm()
    form.members.choices = [
        SelectChoice(str(account_id), staff_name_of(reading(), account_id))
        for account_id in list_accounts_with_role(reading(), Role.COMMISSION, at=now())
    ]
    if form.validate_on_submit():
        try:
            return _prepare(form)
        except DomainError as error:
            form.refuse(error, say_refusal(error))
    return render_template("voting/office/prepare.html", form=form)


def _prepare(form: PrepareForm) -> str:
    edition = get_current_edition(reading(), at=now())
    members = [UUID(said) for said in form.members.data]
    passphrases = [keyfiles.suggest_passphrase() for _ in members]
    names = {scope_of(n): name for n, name in district_names(reading()).items()}
    with writing() as work:
        prepared = service.prepare_round(
            work,
            actor(),
            edition_id=edition.id,
            members=members,
            passphrases=passphrases,
            threshold=int(form.threshold.data),
            names={CITY_WIDE: "Całe miasto", **names},
            scrypt_cost=keyfiles.SCRYPT_COST,
            at=now(),
        )
    shown = [
        {
            "name": staff_name_of(reading(), account_id),
            "passphrase": passphrase,
            "fingerprint": keyfiles.fingerprint(file),
            "file_name": f"key-{number}-of-{len(members)}-{edition.slug}.json",
            "address": "data:application/json;base64," + base64.b64encode(file).decode(),
        }
        for number, (account_id, passphrase, file) in enumerate(
            zip(members, passphrases, prepared.key_files, strict=True), 1
        )
    ]
    return render_template("voting/office/keys.html", shown=shown, threshold=form.threshold.data)


@voting.route("/office/round/test", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def test_keys() -> ResponseReturnValue:
    """Open a test envelope with the key files; only then may the round take votes."""

    def deed(found: RoundFacts, held: list[tuple[bytes, str]]) -> None:
        with writing() as work:
            service.test_round(work, actor(), round_id=found.id, held=held, at=now())
        flash(gettext("The key files open the round. It is ready for votes."), "success")

    return _with_keys(RoundStatus.SETUP, "voting/office/test.html", deed)


@voting.route("/office/round/open", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def open_box() -> ResponseReturnValue:
    """Open all envelopes at once with the members' key files."""

    def deed(found: RoundFacts, held: list[tuple[bytes, str]]) -> None:
        secrets = load_secrets(found)
        with writing() as work:
            service.open_round(
                work, actor(), round_id=found.id, secrets=secrets, held=held, at=now()
            )
        flash(gettext("The round is opened. The winners are computed."), "success")

    return _with_keys(RoundStatus.VERIFICATION, "voting/office/open.html", deed)


def _with_keys(
    status: RoundStatus,
    template: str,
    deed: Callable[[RoundFacts, list[tuple[bytes, str]]], None],
) -> ResponseReturnValue:
    """A page that takes key files and passphrases; a refusal loses nothing."""
    found = _round()
    if found is None or found.status is not status:
        return redirect(url_for("voting.office_round"))
    form: KeysForm = keys_form(found.threshold)
    problems: Sequence[Problem] = ()
    if form.validate_on_submit():
        try:
            deed(found, held_keys(form, found.threshold))
            return redirect(url_for("voting.office_round"))
        except OpeningRefused as error:
            problems = error.problems
            form.refuse(error, say_refusal(error))
        except DomainError as error:
            form.refuse(error, say_refusal(error))
    return render_template(
        template,
        form=form,
        round=found,
        problems=[[TROUBLE_NAMES[p.trouble], p.tag[:8] or "–"] for p in problems],
    )


def _round() -> RoundFacts | None:
    edition = get_current_edition(reading(), at=now())
    return queries.find_round_of_edition(reading(), edition.id)


@voting.post("/office/round/<any(discard, suspend, resume, close):step>")
@access(Audience.COMMISSION)
def take_step(step: str) -> ResponseReturnValue:
    """One press that moves the round on."""
    found, form = _round(), SuspendForm() if step == "suspend" else ForgetForm()
    if found is None:
        return redirect(url_for("voting.office_round"))
    if not form.validate_on_submit():
        return _show_round(form)
    deeds = {
        "discard": service.discard_round,
        "resume": service.resume_round,
        "close": service.close_round,
    }
    try:
        with writing() as work:
            if isinstance(form, SuspendForm):
                service.suspend_round(
                    work, actor(), round_id=found.id, note=form.note.data or "", at=now()
                )
            else:
                deeds[step](work, actor(), round_id=found.id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "danger")
    return redirect(url_for("voting.office_round"))


@voting.post("/office/round/void/<any(propose, confirm):step>")
@access(Audience.COMMISSION)
def void(step: str) -> ResponseReturnValue:
    """One member proposes to take an envelope out, unopened; a second confirms."""
    found, form = _round(), _void_form()
    if found is None or not form.tag.data or not _is_hex(form.tag.data):
        return redirect(url_for("voting.office_round"))
    try:
        _void(step, found, form)
    except DomainError as error:
        flash(say_refusal(error), "danger")
    return redirect(url_for("voting.office_round"))


def _void(step: str, found: RoundFacts, form: VoidForm) -> None:
    tag = bytes.fromhex(form.tag.data or "")
    if step == "propose":
        reason = VoidReason(request.form.get("reason", VoidReason.NOT_CONFIRMED.value))
        with writing() as work:
            service.propose_void(work, actor(), round_id=found.id, tag=tag, reason=reason, at=now())
        flash(gettext("Proposed. A second member has to confirm it."), "success")
        return
    secrets = load_secrets(found)
    with writing() as work:
        service.confirm_void(work, actor(), round_id=found.id, secrets=secrets, tag=tag, at=now())
    flash(gettext("The envelope is out, unopened."), "success")


def _is_hex(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
