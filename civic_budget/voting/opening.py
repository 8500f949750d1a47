"""Opening a round: check every envelope, decrypt, split into scopes, sort by code.

Pure: rows come in as values, ballots go out. The result depends on the set of envelopes only, not
on their order; nothing in it says which city ballot belongs to which district ballot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from civic_budget.kernel.errors import DomainError
from civic_budget.voting.choice import BallotForm, Choice, Origin, decode_plaintext
from civic_budget.voting.codes import code_of
from civic_budget.voting.keys import RoundSecrets, same
from civic_budget.voting.sealing import EnvelopeDoesNotOpen, Opener

WEB, PAPER = "web", "paper"
T = TypeVar("T")


@dataclass(frozen=True)
class Envelope:
    """A participation with its sealed choice; a paper one has none (the card holds the choice)."""

    tag: bytes
    channel: str
    sealed: bytes | None
    mac: bytes


@dataclass(frozen=True)
class Void:
    """An envelope that two members took out, unopened, for a reason."""

    tag: bytes
    reason: str
    first_by: UUID
    second_by: UUID
    mac: bytes


@dataclass(frozen=True)
class PaperBallot:
    """A keyed card: sealed like an envelope, under the keyed hash of its serial."""

    serial_tag: bytes
    batch: UUID
    sealed: bytes
    mac: bytes


@dataclass(frozen=True, order=True)
class Ballot:
    """One line of the board: a scope, a control code, and the choice as text."""

    scope: str
    code: str
    choice: str


class Trouble(StrEnum):
    """Why an envelope, void or card stops the opening."""

    FORGED = "mac_does_not_match"
    NOT_ELIGIBLE = "tag_not_eligible"
    FORMER_PLACE = "tag_of_a_former_generation"
    LATER_PLACE = "tag_of_a_later_generation"
    SAME_PERSON = "two_envelopes_of_one_person"
    TWICE = "same_tag_twice"
    VOID_FORGED = "void_mac_does_not_match"
    VOID_ALONE = "void_by_one_member"
    VOID_OF_NOTHING = "void_without_envelope"
    SEALED = "does_not_open"
    MALFORMED = "not_a_ballot_of_this_round"
    SAME_CODE = "same_code_twice"
    TOO_MANY_CARDS = "more_cards_than_slips"
    PAPER_OPEN = "paper_not_reconciled"
    BATCH = "batch_not_as_signed"
    LATE_SLIP = "slip_beside_a_web_vote"
    OBJECTION = "objection_may_come_or_waits"
    CONFIRMED = "taken_out_but_confirmed_since"
    MISSING = "envelope_of_an_earlier_list_is_gone"
    RETURNED = "returned_vote_may_come"
    LOSS = "lost_votes_may_be_claimed"
    CLAIM = "claim_of_a_person_waits"
    ADDED = "envelope_after_the_sealed_list"
    UNSEALED = "returned_vote_after_the_sealed_list"


@dataclass(frozen=True)
class Problem:
    """One thing found wrong before anything is written; `tag` is hexadecimal, empty for totals."""

    trouble: Trouble
    tag: str = ""


class OpeningRefused(DomainError):
    """Something is wrong with the urn; nothing was written and no choice was shown."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("opening_refused", problems=problems)
        self.problems = problems


@dataclass(frozen=True)
class Urn:
    """Everything that an opening reads.

    `eligible` maps each tag that may have voted to its cluster: the human behind it, the same for
    records that were merged; erased persons stay in it as tombstones. `former` and `later` are tags of
    places that their person no longer has, or that nothing has given yet: no deed of the platform leaves
    one in the box, so somebody changed the database.
    """

    envelopes: tuple[Envelope, ...]
    voids: tuple[Void, ...]
    papers: tuple[PaperBallot, ...]
    eligible: Mapping[bytes, UUID]
    former: frozenset[bytes] = frozenset()
    later: frozenset[bytes] = frozenset()

    @property
    def voided(self) -> frozenset[bytes]:
        """Tags whose envelope is out."""
        return frozenset(void.tag for void in self.voids)

    @property
    def counted(self) -> tuple[Envelope, ...]:
        """Envelopes that are in."""
        voided = self.voided
        return tuple(found for found in self.envelopes if found.tag not in voided)


@dataclass(frozen=True)
class Opened:
    """The ballots of all scopes in board order, and the counts that the manifest shows."""

    ballots: tuple[Ballot, ...]
    counted: Mapping[str, int]
    voided: Mapping[str, int]


def check_urn(keys: RoundSecrets, urn: Urn) -> tuple[Problem, ...]:
    """Everything that can be found wrong without opening anything, sorted; empty when sound.

    A voided envelope is checked too: a forged one in the urn is a finding even when it is out.
    """
    found = [*_check_envelopes(keys, urn), *_check_voids(keys, urn), *_check_papers(keys, urn)]
    return tuple(sorted(found, key=lambda problem: (problem.trouble, problem.tag)))


def _check_envelopes(keys: RoundSecrets, urn: Urn) -> Iterator[Problem]:
    for envelope in urn.envelopes:
        if not same(envelope.mac, keys.mac(envelope.tag, envelope.channel, envelope.sealed)):
            yield Problem(Trouble.FORGED, envelope.tag.hex())
    for tag in _repeated(envelope.tag for envelope in urn.envelopes):
        yield Problem(Trouble.TWICE, tag.hex())
    counted = {envelope.tag for envelope in urn.counted}
    for tag in counted - urn.eligible.keys():
        yield Problem(_why_not_eligible(urn, tag), tag.hex())
    people = Counter(urn.eligible[tag] for tag in counted & urn.eligible.keys())
    for tag in counted & urn.eligible.keys():
        if people[urn.eligible[tag]] > 1:
            yield Problem(Trouble.SAME_PERSON, tag.hex())


def _why_not_eligible(urn: Urn, tag: bytes) -> Trouble:
    if tag in urn.former:
        return Trouble.FORMER_PLACE
    return Trouble.LATER_PLACE if tag in urn.later else Trouble.NOT_ELIGIBLE


def _check_voids(keys: RoundSecrets, urn: Urn) -> Iterator[Problem]:
    present = {envelope.tag for envelope in urn.envelopes}
    for void in urn.voids:
        expected = keys.void_mac(void.tag, void.reason, void.first_by, void.second_by)
        if not same(void.mac, expected):
            yield Problem(Trouble.VOID_FORGED, void.tag.hex())
        if void.first_by == void.second_by:
            yield Problem(Trouble.VOID_ALONE, void.tag.hex())
        if void.tag not in present:
            yield Problem(Trouble.VOID_OF_NOTHING, void.tag.hex())


def _check_papers(keys: RoundSecrets, urn: Urn) -> Iterator[Problem]:
    for paper in urn.papers:
        if not same(paper.mac, keys.paper_mac(paper.serial_tag, paper.batch, paper.sealed)):
            yield Problem(Trouble.FORGED, paper.serial_tag.hex())
    for tag in _repeated(paper.serial_tag for paper in urn.papers):
        yield Problem(Trouble.TWICE, tag.hex())
    # A void never takes a card out of the urn (nobody knows which one it is), so all slips count.
    if len(urn.papers) > sum(envelope.channel == PAPER for envelope in urn.envelopes):
        yield Problem(Trouble.TOO_MANY_CARDS)


def _repeated(values: Iterable[T]) -> list[T]:
    return [value for value, times in Counter(values).items() if times > 1]


def open_urn(
    form: BallotForm,
    keys: RoundSecrets,
    opener: Opener,
    urn: Urn,
    progress: Callable[[int], None] = lambda done: None,
) -> Opened:
    """The ballots of a round. Raises OpeningRefused with every problem found, all or nothing.

    `progress` hears how many envelopes and cards have been opened so far.
    """
    problems = check_urn(keys, urn)
    if problems:
        raise OpeningRefused(problems)
    sealed = [(e.tag, e.sealed, Origin.WEB) for e in urn.counted if e.sealed is not None]
    sealed += [(p.serial_tag, p.sealed, Origin.PAPER) for p in urn.papers]
    ballots: list[Ballot] = []
    found: list[Problem] = []
    for done, (tag, content, origin) in enumerate(sealed, 1):
        opened = _open_one(form, opener.open, (keys.round_id, tag, content), origin)
        if isinstance(opened, Problem):
            found.append(opened)
        else:
            ballots.extend(opened)
        if done % 1000 == 0:
            progress(done)
    found += [Problem(Trouble.SAME_CODE) for _ in _repeated((b.scope, b.code) for b in ballots)]
    if found:
        raise OpeningRefused(tuple(sorted(found, key=lambda p: (p.trouble, p.tag))))
    progress(len(sealed))
    return Opened(tuple(sorted(ballots)), _counts(urn), _void_reasons(urn))


def _open_one(
    form: BallotForm,
    open_sealed: Callable[[UUID, bytes, bytes], bytes],
    where: tuple[UUID, bytes, bytes],
    expected: Origin,
) -> list[Ballot] | Problem:
    tag = where[1].hex()
    try:
        origin, secret, choice = decode_plaintext(form, open_sealed(*where))
        if origin is not expected:
            return Problem(Trouble.MALFORMED, tag)
        return split_choice(origin, secret, choice)
    except EnvelopeDoesNotOpen:
        return Problem(Trouble.SEALED, tag)
    except ValueError:
        return Problem(Trouble.MALFORMED, tag)


def split_choice(origin: Origin, secret: bytes, choice: Choice) -> list[Ballot]:
    """The lines of one choice, one per scope that was filled; each under its own code."""
    return [
        Ballot(section.scope, code_of(origin, section.scope, secret), section.text)
        for section in choice.values()
    ]


def _counts(urn: Urn) -> dict[str, int]:
    return {
        WEB: sum(envelope.channel == WEB for envelope in urn.counted),
        PAPER: len(urn.papers),
    }


def _void_reasons(urn: Urn) -> dict[str, int]:
    return dict(sorted(Counter(void.reason for void in urn.voids).items()))
