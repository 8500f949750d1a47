"""The polling booth of one request: which round, whose vote, which lists, what is marked so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Response, g
from flask_babel import gettext
from flask_login import current_user

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import EditionFacts, find_current_edition, get_edition
from civic_budget.editions.rules import district_of
from civic_budget.kernel.decision import Decision
from civic_budget.residency.queries import ActsFor, identity_of, persons_acting_for
from civic_budget.residency.rules import Standing
from civic_budget.voting import queries
from civic_budget.voting.choice import BallotForm, ScopeForm
from civic_budget.voting.draft import Draft
from civic_budget.voting.frozen import FrozenScope
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.press_queries import RoundOnBallot, find_round_on_ballot
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import takes_votes
from civic_budget.voting.service import Fate, entitlement, fate_of, returned_until, secrets_of
from civic_budget.voting.views.draft_cookie import (
    KeptDraft,
    SentDraft,
    open_draft,
    seal_of_choice,
    sent_draft,
    write_draft,
)
from civic_budget.web.current import glancing, now, reading, settings


@dataclass(frozen=True)
class Voter:
    """A person for whom this account may vote; `name` is empty for the account's own person.

    `returned_until` is set for whom a vote was given back. `fate` is that of their vote in the box.
    """

    acting: ActsFor
    name: str
    standing: Standing
    lists: Mapping[str, FrozenScope]
    fate: Fate | None = None
    returned_until: datetime | None = None

    @property
    def person_id(self) -> UUID:
        """Whose vote it is."""
        return self.acting.person_id

    @property
    def may_vote_online(self) -> bool:
        """False for a child so young that the city takes the vote at a point only."""
        return self.acting.may_vote_online


@dataclass(frozen=True)
class HeldBallot:
    """The ballot on this device: in which round, whose, what is marked. All that a cast needs.

    Whether the round takes votes, and whether this account still acts for the person, is not looked
    at here: the press asks it.
    """

    round: RoundOnBallot
    person_id: UUID
    draft: Draft

    @property
    def secrets(self) -> RoundSecrets:
        """The round's secrets; raises SecretsRefused, also for an old draft whose round has none any more."""
        return load_secrets(self.round)

    @property
    def form(self) -> BallotForm:
        """The whole ballot of the round."""
        return self.round.frozen.form

    @property
    def seal(self) -> str:
        """Names the present choice without telling it."""
        return seal_of_choice(settings().keyring, self.form, self.draft)

    def with_draft(self, draft: Draft) -> HeldBallot:
        """The same ballot with another draft."""
        return replace(self, draft=draft)

    def keep(self, response: Response) -> None:
        """Put the draft into the answer."""
        kept = KeptDraft(self.round.id, self.person_id, self.draft)
        write_draft(response, settings().keyring, self.form, kept, sign_in=current_user.id)


@dataclass(frozen=True)
class Booth:
    """Everything that the voter's pages need: the ballot on this device, and its voter's lists."""

    edition: EditionFacts
    round: RoundFacts
    ballot: HeldBallot
    voter: Voter

    @property
    def draft(self) -> Draft:
        """What is marked so far, on the lists that the voter has."""
        return self.ballot.draft

    @property
    def seal(self) -> str:
        """Names the present choice without telling it."""
        return self.ballot.seal

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels on which this voter has a list, in the ballot's order."""
        return tuple(self.voter.lists)

    def scope_form(self, level: str) -> ScopeForm:
        """The voter's list on a level, with its rule."""
        scope = self.voter.lists[level]
        return ScopeForm(scope.code, tuple(p.id for p in scope.projects), scope.ballot)

    def is_required(self, level: str) -> bool:
        """Whether the voter must fill their list on a level."""
        return level in required_levels(self.round)

    def with_draft(self, draft: Draft) -> Booth:
        """The same booth with another draft."""
        return replace(self, ballot=self.ballot.with_draft(draft))

    def keep(self, response: Response) -> None:
        """Put the draft into the answer."""
        self.ballot.keep(response)


def find_round() -> tuple[EditionFacts, RoundFacts] | None:
    """The present edition and its round; None while no round was prepared."""
    edition = find_current_edition(reading(), at=now())
    if edition is None:
        return None
    found = queries.find_round_of_edition(reading(), edition.id)
    return (edition, found) if found else None


def required_levels(found: RoundFacts) -> frozenset[str]:
    """The levels on which whoever has a list must fill it."""
    return frozenset(level.code for level in found.frozen.levels if level.required)


def open_for_votes(found: RoundFacts, voter: Voter | None = None) -> Decision:
    """Whether the round takes votes now: everybody's, or a voter's own that was given back."""
    return takes_votes(
        found.status,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        at=now(),
        returned_until=voter.returned_until if voter else None,
    )


def load_secrets(found: RoundFacts | RoundOnBallot) -> RoundSecrets:
    """The running round's secrets; raises SecretsRefused."""
    return secrets_of(settings().round_keys, found)


def list_voters(found: RoundFacts, secrets: RoundSecrets) -> Sequence[Voter]:
    """The account's own person first, then the children for whom it acts."""
    session = reading()
    voters = (load_voter(found, one) for one in _acting())
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
        acting,
        identity.given_names if identity else "",
        standing,
        lists,
        returned_until=None
        if open_for_votes(found)
        else returned_until(session, found.id, person_id),
    )


def find_booth() -> Booth | None:
    """The booth of the draft on this device; None when there is none (or it belongs to others)."""
    held = find_ballot()
    return enter_booth(held) if held else None


def find_ballot() -> HeldBallot | None:
    """The ballot on this device; None when there is none, or it was begun in another sign-in."""
    if "ballot" not in g:
        g.ballot = find_ballot_of(current_user.id)
    return cast(HeldBallot | None, g.ballot)


def find_ballot_of(sign_in: str) -> HeldBallot | None:
    """The same for a sign-in that this request names, whether or not it still runs."""
    sent = sent_draft()
    on_ballot = find_round_on_ballot(glancing, sent.round_id) if sent else None
    return _open_ballot(on_ballot, sent, sign_in) if on_ballot and sent else None


def hold_ballot(on_ballot: RoundOnBallot, sign_in: str) -> HeldBallot | None:
    """The ballot on this device in a round; None when there is none."""
    sent = sent_draft()
    is_of_it = sent is not None and sent.round_id == on_ballot.id
    return _open_ballot(on_ballot, sent, sign_in) if sent and is_of_it else None


def _open_ballot(on_ballot: RoundOnBallot, sent: SentDraft, sign_in: str) -> HeldBallot | None:
    kept = open_draft(settings().keyring, on_ballot.frozen.form, sent, sign_in=sign_in)
    return HeldBallot(on_ballot, kept.person_id, kept.draft) if kept else None


def enter_booth(held: HeldBallot) -> Booth | None:
    """The booth of a ballot; marks on a list that is not the voter's any more are left out.

    None when its round is not the present one, or the account does not vote for the person any more.
    """
    found = queries.find_present_round(reading(), at=now())
    acting = next((one for one in _acting() if one.person_id == held.person_id), None)
    if found is None or found.id != held.round.id or acting is None or not acting.may_vote_online:
        return None
    voter = load_voter(found, acting)
    marks = {
        level: section
        for level, section in held.draft.marks.items()
        if level in voter.lists and voter.lists[level].code == section.scope
    }
    edition = get_edition(reading(), found.edition_id)
    return Booth(edition, found, held.with_draft(replace(held.draft, marks=marks)), voter)


def _acting() -> Sequence[ActsFor]:
    return persons_acting_for(reading(), current_user.account_id, at=now())


def scope_name(scope: str) -> str:
    """A pool's name for people: the whole city, or a district by its number and name."""
    district = district_of(scope)
    if district is None:
        return str(gettext("Whole city"))
    return district_names(reading()).get(district, scope)
