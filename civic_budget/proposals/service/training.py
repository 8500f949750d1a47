"""Invented proposals for a training edition: people of the office practise on them, nobody is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from civic_budget.accounts.service import open_account_without_code
from civic_budget.editions.queries import EditionFacts, category_names, get_edition
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import Proposal, ProposalCost
from civic_budget.proposals.rules import ProposalAction
from civic_budget.proposals.service.drafting import new_draft
from civic_budget.proposals.service.rows import keep_version, move, own_text, touch
from civic_budget.proposals.service.submitting import next_reference
from civic_budget.storage.db import Work

USUAL_COST = 8_000_000
"""Grosze; less or more where a pool's limits want it."""

# Title, summary, description, justification, audience, accessibility, by the author's language.
INVENTED = (
    (
        "pl",
        "Ławki na skwerze",
        "Dziesięć ławek z oparciami na skwerze przy bibliotece, w cieniu drzew.",
        "Dziesięć ławek z oparciami i podłokietnikami, ustawionych po obu stronach alejki.",
        "Starsi mieszkańcy nie mają gdzie odpocząć.",
        "Dla wszystkich.",
        "Miejsce na wózek obok ławki.",
    ),
    (
        "pl",
        "Stojaki rowerowe przy szkole",
        "Dwadzieścia stojaków na rowery przed wejściem do szkoły podstawowej.",
        "Stojaki w kształcie litery U na utwardzonym placu przed szkołą, bez zwężania chodnika.",
        "Dzieci przypinają rowery do płotu.",
        "Dla uczniów i rodziców.",
        "Chodnik zachowa szerokość.",
    ),
    (
        "uk",
        "Дитячий майданчик у парку",
        "Новий майданчик із гойдалками та піском у парку біля річки для малих дітей.",
        "Гойдалки, пісочниця з кришкою, м’яке покриття та паркан навколо майданчика.",
        "Найближчий майданчик надто далеко.",
        "Для родин із дітьми.",
        "Є гойдалка для дитини на візку.",
    ),
    (
        "en",
        "Language café in the library",
        "Weekly meetings in the district library to practise Polish and other languages.",
        "Forty evening meetings with two leaders, tea and simple materials for everybody who comes.",
        "Newcomers have nobody to talk to.",
        "For everybody who learns a language.",
        "The library has a ramp.",
    ),
    (
        "ru",
        "Освещение пешеходной дорожки",
        "Двенадцать ламп вдоль тёмной дорожки между домами и трамвайной остановкой.",
        "Энергосберегающие лампы с датчиками движения на дорожке длиной двести метров.",
        "Вечером по дорожке страшно идти.",
        "Для жителей соседних домов.",
        "Дорожка останется ровной.",
    ),
)
FIELDS = ("title", "summary", "description", "justification", "audience", "accessibility")


def fill_training(work: Work, actor: Actor, *, edition_id: UUID, at: datetime) -> int:
    """Put invented proposals of invented people into a training edition; returns how many.

    Their authors' accounts have no contact and no password: nobody can sign in as them. Raises
    Conflict: not_training, already_filled.
    """
    require(policy.may_keep_prices(actor))
    edition = get_edition(work.session, edition_id)
    if not edition.is_training:
        raise Conflict("not_training")
    held = select(func.count()).select_from(Proposal).where(Proposal.edition_id == edition_id)
    if work.session.scalar(held):
        raise Conflict("already_filled")
    categories = list(category_names(work.session, "pl"))
    for number, (language, *texts) in enumerate(INVENTED):
        scope = edition.pools[number % len(edition.pools)].scope
        category = categories[number % len(categories)] if categories else ""
        _add(work, actor, edition, scope, language, texts, category, at)
    return len(INVENTED)


def _add(
    work: Work,
    actor: Actor,
    edition: EditionFacts,
    scope: str,
    language: str,
    texts: list[str],
    category: str,
    at: datetime,
) -> None:
    author = open_account_without_code(
        work, actor, contact=None, password=None, language=language, at=at
    )
    proposal = new_draft(author, edition.id, uuid4(), scope, language, at)
    own = own_text(proposal)
    for name, text in zip(FIELDS, texts, strict=True):
        setattr(own, name, text)
    pool = edition.pool(scope)
    cost = max(pool.min_cost, min(USUAL_COST, pool.max_cost))
    proposal.category, proposal.place, proposal.cost = category, "–", cost
    proposal.costs = [ProposalCost(position=1, name=texts[0], grosze=cost)]
    proposal.reference = next_reference(work, proposal, edition)
    proposal.submitted_at = at
    move(proposal, ProposalAction.SUBMIT)
    work.session.add(proposal)
    touch(proposal, at)
    work.session.flush()
    keep_version(work, proposal, actor, at)
    work.publish(events.ProposalSubmitted(proposal_id=proposal.id, at=at, by=actor.account_id))
