"""What a person follows, in their own copy: with one click, and by the account's e-mail address."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from sqlalchemy.orm import Session

from civic_budget.city.queries import district_names
from civic_budget.news.queries import copy_follows, copy_subscriptions
from civic_budget.news.service import forget_address
from civic_budget.proposals.labels import say_scope
from civic_budget.proposals.own_copy import name_proposal
from civic_budget.residency.copy_parts import CopyPart, Row, Section
from civic_budget.residency.copy_words import moment_of
from civic_budget.residency.own_copy import make_section


def _follows(session: Session, rows: Sequence[Row]) -> list[Section]:
    pairs = [(name_proposal(row), moment_of(row["since"])) for row in rows]
    return [make_section(gettext("Proposals that you follow"), pairs)]


def _subscriptions(session: Session, rows: Sequence[Row]) -> list[Section]:
    districts = district_names(session)
    pairs = []
    for row in rows:
        subject = gettext("All news of the edition")
        if row["scope"]:
            subject = say_scope(row["scope"], districts)
        elif row["title"]:
            subject = name_proposal(row)
        confirmed = gettext("not confirmed: no letters come")
        if row["confirmed"]:
            confirmed = gettext("since %(moment)s", moment=moment_of(row["confirmed"]))
        pairs.append((f"{subject} ({row['edition']})", confirmed))
    return [make_section(gettext("News by e-mail"), pairs)]


parts = (
    CopyPart("follows", copy_follows, _follows),
    CopyPart("news_by_mail", copy_subscriptions, _subscriptions, forget_address),
)
