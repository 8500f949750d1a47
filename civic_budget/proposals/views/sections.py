"""The sections of a proposal's task list: each is one page, saved when it is sent, complete or not."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from civic_budget.editions.queries import category_names
from civic_budget.proposals import service
from civic_budget.proposals.forms import (
    AboutForm,
    AccessForm,
    CategoryForm,
)
from civic_budget.proposals.rules import SECTIONS
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import own_proposal
from civic_budget.proposals.views.section_page import answer_section
from civic_budget.storage.db import Work
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading
from civic_budget.web.locale import current_language

ABOUT = SECTIONS["about"]


@proposals.route("/my-proposals/<uuid:proposal_id>/about", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_about(proposal_id: UUID) -> ResponseReturnValue:
    """The idea in words."""
    own = own_proposal(proposal_id)
    form = AboutForm(data={name: getattr(own.facts.original, name) for name in ABOUT})

    def save(work: Work) -> None:
        texts = {name: form[name].data or "" for name in ABOUT}
        service.save_texts(work, actor(), proposal_id=proposal_id, texts=texts, at=now())

    return answer_section(own, "about", form, save)


@proposals.route("/my-proposals/<uuid:proposal_id>/category", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_category(proposal_id: UUID) -> ResponseReturnValue:
    """What it is about."""
    own = own_proposal(proposal_id)
    form = CategoryForm(data={"category": own.facts.category})
    names = category_names(reading(), current_language())
    form.category.choices = [SelectChoice(code, name) for code, name in names.items()]

    def save(work: Work) -> None:
        chosen = form.category.data or ""
        service.save_details(work, actor(), proposal_id=proposal_id, category=chosen, at=now())

    return answer_section(own, "category", form, save)


@proposals.route("/my-proposals/<uuid:proposal_id>/access", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_access(proposal_id: UUID) -> ResponseReturnValue:
    """How everybody will be able to use it."""
    own = own_proposal(proposal_id)
    form = AccessForm(data={"accessibility": own.facts.accessibility})

    def save(work: Work) -> None:
        service.save_texts(
            work,
            actor(),
            proposal_id=proposal_id,
            texts={"accessibility": form.accessibility.data or ""},
            at=now(),
        )

    return answer_section(own, "access", form, save)
