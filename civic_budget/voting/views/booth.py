"""The polling booth of one request: which round, whose vote, which lists, what is marked so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import Response
from flask_babel import gettext
from flask_login import current_user

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import EditionFacts, find_current_edition
from civic_budget.editions.rules import district_of
from civic_budget.kernel.decision import Decision
from civic_budget.residency.queries import ActsFor, identity_of, persons_acting_for
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import keyring_of
from civic_budget.voting import queries
from civic_budget.voting.choice import BallotForm, ScopeForm
from civic_budget.voting.draft import Draft
from civic_budget.voting.frozen import FrozenScope
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import takes_votes
from civic_budget.voting.service import Fate, entitlement, fate_of, returned_until, secrets_of
from civic_budget.voting.views.draft_cookie import read_draft, seal_of_choice, write_draft
from civic_budget.web.current import now, reading, settings


@dataclass(frozen=True)
class Voter:
    """A person for whom this account may vote; `name` is empty for the account's own person.

    `may_vote_online` is False for a child so young that the city takes the vote at a point only;
    `returned_until` is set for whom a vote was given back. `fate` is that of their vote in the box.
    """

    person_id: UUID
    name: str
    standing: Standing
    lists: Mapping[str, FrozenScope]
    may_vote_online: bool
    fate: Fate | None = None
    returned_until: datetime | None = None


@dataclass(frozen=True)
class Booth:
    """Everything that the voter's pages need; `draft` is None until voting was begun."""

    edition: EditionFacts
    round: RoundFacts
    secrets: RoundSecrets
    voter: Voter
    draft: Draft

    @property
    def form(self) -> BallotForm:
        """The whole ballot of the round."""
        return self.round.frozen.form

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels on which this voter has a list, in the ballot's order."""
        return tuple(self.voter.lists)

    @property
    def seal(self) -> str:
        """Names the present choice without telling it."""
        return seal_of_choice(keyring_of(reading()), self.form, self.draft)

    def scope_form(self, level: str) -> ScopeForm:
        """The voter's list on a level, with its rule."""
        scope = self.voter.lists[level]
        return ScopeForm(scope.code, tuple(p.id for p in scope.projects), scope.ballot)

    def with_draft(self, draft: Draft) -> Booth:
        """The same booth with another draft."""
        return replace(self, draft=draft)

    def keep(self, response: Response) -> None:
        """Put the draft into the answer."""
        write_draft(
            response,
            settings().keyring,
            self.form,
            self.draft,
            round_id=self.round.id,
            person_id=self.voter.person_id,
            sign_in=str(current_user.id),
        )


def find_round() -> tuple[EditionFacts, RoundFacts] | None:
    """The present edition and its round; None while no round was prepared."""
    edition = find_current_edition(reading(), at=now())
    if edition is None:
        return None
    found = queries.find_round_of_edition(reading(), edition.id)
    return (edition, found) if found else None


def open_for_votes(found: RoundFacts, voter: Voter | None = None) -> Decision:
    """Whether the round takes votes now: everybody's, or a voter's own that was given back."""
    return takes_votes(
        found.status,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        at=now(),
        returned_until=voter.returned_until if voter else None,
    )


def load_secrets(found: RoundFacts) -> RoundSecrets:
    """The running round's secrets; raises SecretsRefused."""
    return secrets_of(settings().round_keys, found.id, found.public_key)


def list_voters(found: RoundFacts, secrets: RoundSecrets) -> Sequence[Voter]:
    """The account's own person first, then the children for whom it acts."""
    session = reading()
    voters = (
        load_voter(found, one)
        for one in persons_acting_for(session, current_user.account_id, at=now())
    )
    return [
        replace(
            voter,
            fate=fate_of(
                session,
                secrets,
                voter.person_id,
                status=found.status,
                standing=voter.standing,
            ),
            returned_until=returned_until(session, found.id, voter.person_id),
        )
        for voter in voters
    ]


def load_voter(found: RoundFacts, acting: ActsFor) -> Voter:
    """A person with the lists on which they may vote (only those that have projects).

    Whether a vote was given back is asked only when nobody else may vote any more: every press of
    every voter comes through here.
    """
    session, person_id = reading(), acting.person_id
    scopes, standing = entitlement(session, person_id, at=now())
    lists = {
        level.code: scope
        for level in found.frozen.levels
        for scope in level.scopes
        if scope.code in scopes.get(level.code, frozenset()) and scope.projects
    }
    is_own = acting.relation == "holder"
    identity = None if is_own else identity_of(session, person_id)
    return Voter(
        person_id,
        identity.given_names if identity else "",
        standing,
        lists,
        acting.may_vote_online,
        returned_until=None
        if open_for_votes(found)
        else returned_until(session, found.id, person_id),
    )


def find_booth() -> Booth | None:
    """The booth of the draft on this device; None when there is none (or it belongs to others)."""
    found = find_round()
    if found is None:
        return None
    edition, this_round = found
    session = reading()
    acting = {
        one.person_id: one
        for one in persons_acting_for(session, current_user.account_id, at=now())
        if one.may_vote_online
    }
    opened = read_draft(
        keyring_of(session),
        this_round.frozen.form,
        round_id=this_round.id,
        persons=acting,
        sign_in=str(current_user.id),
    )
    if opened is None:
        return None
    person_id, draft = opened
    secrets = load_secrets(this_round)
    voter = load_voter(this_round, acting[person_id])
    marks = {
        level: section
        for level, section in draft.marks.items()
        if level in voter.lists and voter.lists[level].code == section.scope
    }
    return Booth(edition, this_round, secrets, voter, replace(draft, marks=marks))


def scope_name(scope: str) -> str:
    """A pool's name for people: the whole city, or a district by its number and name."""
    district = district_of(scope)
    if district is None:
        return str(gettext("Whole city"))
    return district_names(reading()).get(district, scope)
