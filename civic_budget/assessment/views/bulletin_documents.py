"""The documents of each kind of package for the public bulletin, in the language of the moment."""

from __future__ import annotations

from flask_babel import format_date, gettext

from civic_budget.assessment.bulletin import Document
from civic_budget.assessment.queries import ActFacts
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import EditionFacts
from civic_budget.kernel.money import say_money
from civic_budget.proposals.labels import STATE_NAMES, say_places, say_scope
from civic_budget.proposals.queries import (
    last_decisions,
    list_ballot_lists,
    list_for_ballot,
    list_office_rows,
    list_places,
)
from civic_budget.proposals.rules import ProposalState
from civic_budget.web.current import reading

DECIDED = (
    ProposalState.ADMITTED,
    ProposalState.REJECTED,
    ProposalState.APPEALED,
    ProposalState.WITHDRAWN,
    ProposalState.MERGED,
)


def list_documents(kind: str, edition: EditionFacts) -> list[Document]:
    """The results of the assessment, or the list for the vote."""
    return [_verdicts(edition) if kind == "verdicts" else _ballot(edition)]


def _verdicts(edition: EditionFacts) -> Document:
    names, places = district_names(reading()), list_places(reading(), edition.id)
    decisions = last_decisions(reading(), edition.id)
    rows = []
    for row in list_office_rows(reading(), edition.id):
        if row.state in DECIDED:
            decision = decisions.get(row.id)
            sentence = decision.sentence("pl")[0] if decision else ""
            where = say_scope(row.scope, names)
            spots = say_places(row.place, places.get(row.id, ()))
            state = str(STATE_NAMES[row.state])
            rows.append((row.reference, row.title, where, spots, state, sentence))
    header = (
        gettext("Reference"),
        gettext("Title"),
        gettext("Where"),
        gettext("Places"),
        gettext("State"),
        gettext("Reasons"),
    )
    title = gettext("Results of the assessment of proposals")
    return Document("wyniki-oceny", title, header, tuple(rows))


def _ballot(edition: EditionFacts) -> Document:
    names, places = district_names(reading()), list_places(reading(), edition.id)
    rows = [
        (
            say_scope(one.scope, names),
            str(one.ballot_number or ""),
            one.reference or "",
            one.best_words("pl").title,
            say_places(one.place, places.get(one.id, ())),
            say_money(one.final_cost),
        )
        for one in list_for_ballot(reading(), edition.id)
    ]
    header = (
        gettext("Where"),
        gettext("Number"),
        gettext("Reference"),
        gettext("Title"),
        gettext("Places"),
        gettext("Cost"),
    )
    lists = list_ballot_lists(reading(), edition.id)
    title = gettext("List of proposals for the vote")
    if lists:
        title = f"{title} (SHA-256: {lists[0].hash})"
    return Document("lista-do-glosowania", title, header, tuple(rows))


def act_documents(act: ActFacts) -> list[Document]:
    """An act with everything that it decides."""
    rows = tuple(
        (
            line.proposal.reference,
            line.proposal.title,
            gettext("restored") if line.is_restored else gettext("stays rejected"),
            line.reason("pl")[0],
        )
        for line in act.lines
    )
    header = (
        gettext("Reference"),
        gettext("Title"),
        gettext("Decision"),
        gettext("Reasons"),
    )
    title = gettext("Act of the mayor no. %(number)s", number=act.number)
    return [Document("zarzadzenie", f"{title}, {format_date(act.signed_on, 'long')}", header, rows)]
