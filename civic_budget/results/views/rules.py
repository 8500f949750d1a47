"""The rule of an edition before it counts: in words, with its source, tried out, signed by two people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from civic_budget.accounts.queries import staff_name_of
from civic_budget.city.queries import district_names
from civic_budget.config import LANGUAGES
from civic_budget.editions import policy, service
from civic_budget.editions.declared import (
    SIGNATURES_NEEDED,
    declared_rules,
    fits_ballot,
    preset_rules,
    rule_hash,
)
from civic_budget.editions.drafts import DraftFacts, get_draft
from civic_budget.editions.forms import EmptyForm
from civic_budget.editions.labels import say_refusal, say_scope
from civic_budget.editions.queries import EditionName
from civic_budget.editions.rule_words import Paragraph, list_paragraphs
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.results.signing import DryRun, list_trial_editions, try_rule
from civic_budget.results.views.blueprint import results
from civic_budget.selection import preset_names
from civic_budget.selection.presets import CITIES
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import OWN_NAMES

_CITIES = {name: city for city, name in CITIES.items()}


@results.route("/office/editions/<slug>/rule", methods=["GET", "POST"])
@access(Audience.STAFF)
def rule(slug: str) -> ResponseReturnValue:
    """Choose a preset, read it, see what it gives on an earlier edition, sign it."""
    draft = get_draft(reading(), slug)
    form = EmptyForm()
    if form.validate_on_submit():
        try:
            adopted = _sign(draft)
        except DomainError as error:
            form.refuse(error, say_refusal(error))
        else:
            flash(
                gettext("Two people have signed: this is the edition's rule.")
                if adopted
                else gettext("Signed. A second person must sign the same rule."),
                "success",
            )
            wish = _wish(draft)
            return redirect(
                url_for("results.rule", slug=slug, preset=wish["preset"], tried=wish["tried"])
            )
    return _page(draft, form)


def _wish(draft: DraftFacts) -> dict[str, str]:
    """The preset and the earlier edition that are asked for, else the edition's own rule and none."""
    asked = request.values.get("preset", "") or str(draft.selection_rule.get("preset", ""))
    preset = asked if asked in preset_names() else preset_names()[0]
    return {"preset": preset, "tried": request.values.get("tried", "")}


def _tried(draft: DraftFacts) -> tuple[list[EditionName], EditionName | None]:
    editions = list_trial_editions(reading(), settings().instance, at=now())
    asked = _wish(draft)["tried"]
    return editions, next((e for e in editions if e.slug == asked), None)


def _sign(draft: DraftFacts) -> bool:
    """Sign what the page shows; the trial is made anew, so that what is kept is what holds."""
    preset = _wish(draft)["preset"]
    _editions, tried = _tried(draft)
    if tried is None:
        raise Conflict("no_dry_run")
    trial = try_rule(reading(), settings().instance, edition_id=tried.id, preset=preset)
    with writing() as work:
        return service.sign_rule(
            work,
            actor(),
            edition_id=draft.id,
            preset=preset,
            tried_on=tried.id,
            dry_run=trial.as_data(),
            at=now(),
        )


def _page(draft: DraftFacts, form: Form) -> ResponseReturnValue:
    wish = _wish(draft)
    rules = preset_rules(wish["preset"])
    editions, tried = _tried(draft)
    trial = _trial(tried.id, wish["preset"]) if tried else None
    digest = rule_hash(rules)
    own = declared_rules(draft.selection_rule)
    has_signed = actor().account_id in draft.signers(digest)
    may_sign = policy.may_sign_rule(actor(), is_published=draft.is_published, has_signed=has_signed)
    return render_template(
        "results/rule.html",
        form=form,
        draft=draft,
        training=draft.is_training,
        wish=wish,
        presets=[(name, _CITIES.get(name, name)) for name in preset_names()],
        words=_in_all_languages(rules),
        sources=next(iter(rules.values())).source,
        fits=all(fits_ballot(one, draft.ballot_rule) for one in rules.values()),
        is_declared=bool(own) and rule_hash(own) == digest,
        is_adopted=len(set(draft.signers(digest))) >= SIGNATURES_NEEDED,
        signers=_signers(draft, digest),
        digest=digest,
        editions=editions,
        tried=tried,
        trial=trial,
        rows=_rows(trial) if trial else [],
        may_sign=bool(may_sign),
    )


def _trial(edition_id: UUID, preset: str) -> DryRun:
    return try_rule(reading(), settings().instance, edition_id=edition_id, preset=preset)


def _in_all_languages(rules: Any) -> list[tuple[str, str, list[Paragraph]]]:
    """Language code, its own name, the rule's paragraphs in it."""
    said = []
    for code in LANGUAGES:
        with force_locale(code):
            said.append((code, OWN_NAMES[code], list_paragraphs(rules)))
    return said


def _signers(draft: DraftFacts, digest: str) -> list[tuple[str, Any]]:
    return [
        (staff_name_of(reading(), one.signed_by), one)
        for one in draft.signatures
        if one.rule_hash == digest
    ]


def _rows(trial: DryRun) -> list[list[str]]:
    districts = district_names(reading())
    rows = []
    for pool in trial.pools:
        if pool.refused:
            verdict = gettext("the rule counts other ballots")
        elif pool.needs_draw:
            verdict = gettext("lots would be needed")
        else:
            verdict = gettext("winners equal") if pool.is_equal else gettext("winners differ")
        rows.append(
            [
                say_scope(pool.scope, districts),
                str(pool.same),
                ", ".join(pool.only_then) or "–",
                ", ".join(pool.only_now) or "–",
                str(verdict),
            ]
        )
    return rows
