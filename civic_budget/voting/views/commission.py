"""The commission's round: prepare, test, and the page that says what comes next in each state.

Nothing here counts by project before the opening. Key files and passphrases pass through one request
and are kept nowhere.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import SelectChoice

from civic_budget.accounts.queries import list_accounts_with_role, staff_name_of
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import get_current_edition
from civic_budget.editions.rules import CITY_WIDE, Phase, scope_of
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import DomainError
from civic_budget.voting import keyfiles, queries, service
from civic_budget.voting.commission_forms import TimesForm, city_moment
from civic_budget.voting.commission_queries import is_shredded
from civic_budget.voting.forms import (
    ForgetForm,
    KeysForm,
    PrepareForm,
    SuspendForm,
    held_keys,
    keys_form,
)
from civic_budget.voting.labels import CHANNEL_NAMES, TROUBLE_NAMES, say_refusal, say_status
from civic_budget.voting.opening import OpeningRefused, Problem, Trouble
from civic_budget.voting.printed.protocols import STEPS, is_available
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import REOPEN_WITHIN, RoundStatus
from civic_budget.voting.views.blueprint import voting
from civic_budget.voting.views.booth import load_secrets, scope_name
from civic_budget.voting.views.sitting import (
    find_opening,
    find_present_round,
    find_secrets,
    is_paper_late,
    other_rounds,
    press,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.words import say_day, say_number

_NO_ENVELOPES = frozenset(
    {
        Trouble.PAPER_OPEN,
        Trouble.CLAIM,
        Trouble.RETURNED,
        Trouble.UNSEALED,
        Trouble.LOSS,
        Trouble.SAME_CODE,
    }
)


@voting.get("/office/round")
@access(Audience.COMMISSION)
def office_round() -> ResponseReturnValue:
    """The round of the present edition: where it stands, what comes next, what cannot be undone."""
    return _show_round()


def _show_round(form: Form | None = None) -> str:
    edition = get_current_edition(reading(), at=now())
    found = find_present_round()
    replaced = service.find_replaced(reading(), edition.id)
    if found is None:
        others = other_rounds(edition.id)
        return render_template(
            "voting/office/none.html", edition=edition, replaced=replaced, others=others
        )
    return render_template(
        "voting/office/round.html",
        edition=edition,
        round=found,
        replaced=replaced,
        status_name=say_status(
            found.status, opens_at=found.opens_at, closes_at=found.closes_at, at=now()
        ),
        is_over=now() >= found.closes_at,
        is_public=edition.phase(now()) is Phase.RESULTS,
        is_begun=now() >= found.opens_at,
        may_reopen=now() <= found.closes_at + REOPEN_WITHIN,
        is_kept=found.keep_until is not None and now() < found.keep_until,
        members_rows=member_rows(found),
        counts=queries.count_envelopes(reading(), found.id),
        nights_rows=_night_rows(found),
        voids=queries.count_voids(reading(), found.id),
        blockers=blocker_rows(found),
        opening=find_opening(found),
        others=other_rounds(edition.id, found),
        is_shredded=is_shredded(reading(), found.id),
        protocols=[step for step in STEPS if is_available(found, step)],
        has_paper=service.has_paper_to_seal(reading(), found.id),
        paper_waits=_say_what_paper_waits_for(found),
        is_paper_late=is_paper_late(found),
        channel_names=CHANNEL_NAMES,
        form=form or SuspendForm(),
    )


def _say_what_paper_waits_for(found: RoundFacts) -> str:
    """Why the paper vote is not closed yet; empty when it may be."""
    code = service.what_paper_waits_for(reading(), found.id, at=now())
    return say_refusal(DomainError(code)) if code else ""


def blocker_rows(found: RoundFacts) -> list[list[object]]:
    """What stands in the way of the opening already before any key is used."""
    if found.status is not RoundStatus.VERIFICATION:
        return []
    problems = service.find_blockers(
        reading(), round_id=found.id, at=now(), secrets=find_secrets(found)
    )
    return _problem_rows(problems)


def _problem_rows(problems: Sequence[Problem]) -> list[list[object]]:
    """What was found, counted by kind, with the envelopes as the page of checks names them."""
    rows: list[list[object]] = []
    for kind in sorted({p.trouble for p in problems}):
        same = [p.tag[:8] for p in problems if p.trouble is kind]
        named = sorted({tag for tag in same if tag} if kind not in _NO_ENVELOPES else ())
        rows.append([str(TROUBLE_NAMES[kind]), say_number(len(same)), ", ".join(named) or "–"])
    return rows


def member_rows(found: RoundFacts) -> list[list[object]]:
    """The members with their numbers and the fingerprints of their key files."""
    members = queries.list_members(reading(), found.id)
    return [[m.number, staff_name_of(reading(), m.account_id), m.key_fingerprint] for m in members]


def _night_rows(found: RoundFacts) -> list[list[object]]:
    nights = queries.list_nightly_counts(reading(), found.id)
    return [[say_day(n.counted_on), say_number(n.count), n.root.hex()] for n in nights]


@voting.route("/office/round/prepare", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def prepare() -> ResponseReturnValue:
    """Name the members; the list is frozen and the key files are shown, once."""
    edition = get_current_edition(reading(), at=now())
    replaced = service.find_replaced(reading(), edition.id)
    form, times = members_form(), TimesForm()
    if form.validate_on_submit():
        try:
            return _prepare(form, times)
        except DomainError as error:
            target = times if getattr(error, "field", None) in times.data else form
            target.refuse(error, say_refusal(error))
    return render_template(
        "voting/office/prepare.html",
        form=form,
        times=times,
        replaced=replaced,
        replaced_lists=[scope_name(code) for code in sorted(replaced.scopes)] if replaced else (),
    )


def members_form() -> PrepareForm:
    """Who may hold a key file: everybody with the commission's role now."""
    form = PrepareForm()
    form.members.choices = [
        SelectChoice(str(account_id), staff_name_of(reading(), account_id))
        for account_id in list_accounts_with_role(reading(), Role.COMMISSION, at=now())
    ]
    return form


def _prepare(form: PrepareForm, times: TimesForm) -> str:
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
            times=_typed_times(times),
            at=now(),
        )
    return show_keys(edition.slug, members, passphrases, prepared.key_files, form.threshold.data)


def _typed_times(form: TimesForm) -> service.VoteTimes | None:
    if form.opens_at.data is None or form.closes_at.data is None:
        return None
    return service.VoteTimes(city_moment(form.opens_at.data), city_moment(form.closes_at.data))


def show_keys(
    slug: str,
    members: Sequence[UUID],
    passphrases: Sequence[str],
    files: Sequence[bytes],
    threshold: str,
) -> str:
    """Key files and passphrases, once: the page is the only place where they ever stand."""
    shown = [
        {
            "name": staff_name_of(reading(), account_id),
            "passphrase": passphrase,
            "fingerprint": keyfiles.fingerprint(file),
            "file_name": f"key-{number}-of-{len(members)}-{slug}.json",
            "address": "data:application/json;base64," + base64.b64encode(file).decode(),
        }
        for number, (account_id, passphrase, file) in enumerate(
            zip(members, passphrases, files, strict=True), 1
        )
    ]
    found = find_present_round()
    return render_template(
        "voting/office/keys.html",
        shown=shown,
        threshold=threshold,
        is_tested=found is not None and found.status is not RoundStatus.SETUP,
    )


@voting.route("/office/round/test", methods=["GET", "POST"])
@access(Audience.COMMISSION)
def test_keys() -> ResponseReturnValue:
    """Open a test envelope with the key files; only then may the round take votes."""

    def deed(found: RoundFacts, held: list[tuple[bytes, str]]) -> ResponseReturnValue | None:
        with writing() as work:
            service.test_round(work, actor(), round_id=found.id, held=held, at=now())
        flash(gettext("The key files open the round. It is ready for votes."), "success")
        return None

    return with_keys((RoundStatus.SETUP,), "voting/office/test.html", deed)


def with_keys(
    states: Sequence[RoundStatus],
    template: str,
    deed: Callable[[RoundFacts, list[tuple[bytes, str]]], ResponseReturnValue | None],
    **more: object,
) -> ResponseReturnValue:
    """A page that takes key files and passphrases; a refusal loses nothing."""
    found = find_present_round()
    if found is None or found.status not in states:
        return redirect(url_for("voting.office_round"))
    form: KeysForm = keys_form(found.threshold)
    problems: Sequence[Problem] = ()
    if form.validate_on_submit():
        try:
            answer = deed(found, held_keys(form, found.threshold))
            return answer or redirect(url_for("voting.office_round"))
        except OpeningRefused as error:
            problems = error.problems
            form.refuse(error, say_refusal(error))
        except DomainError as error:
            form.refuse(error, say_refusal(error))
    return render_template(
        template,
        form=form,
        round=found,
        problems=_problem_rows(problems),
        **more,
    )


@voting.post("/office/round/<any(discard, suspend, resume, close, paper):step>")
@access(Audience.COMMISSION)
def take_step(step: str) -> ResponseReturnValue:
    """One press that moves the round on."""
    found, form = find_present_round(), SuspendForm() if step == "suspend" else ForgetForm()
    if found is None:
        return redirect(url_for("voting.office_round"))
    if not form.validate_on_submit():
        return _show_round(form)
    if step == "paper":
        return _close_paper(found, form)
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


def _close_paper(found: RoundFacts, form: Form) -> ResponseReturnValue:
    """Seal the list with the last slips: only who holds the secrets can tell them from anything else."""
    return press(
        form,
        lambda work: service.close_paper(
            work, actor(), round_id=found.id, secrets=load_secrets(found), at=now()
        ),
        gettext("The paper vote is closed; the list is sealed with it."),
    )
