"""Protocols of the commission: facts of a round at one of its steps, for signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext
from sqlalchemy.orm import Session

from civic_budget.accounts.queries import staff_name_of
from civic_budget.voting import commission_queries, queries
from civic_budget.voting.commission_labels import (
    INCIDENT_NAMES,
    INVALID_REASONS,
    PARTS,
    say_incident,
)
from civic_budget.voting.commission_queries import BatchFacts
from civic_budget.voting.labels import CHANNEL_NAMES, VOID_REASONS
from civic_budget.voting.printed.sheets import Section, Sheet
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import InvalidReason, RoundStatus, VoidReason
from civic_budget.web.words import say_deadline, say_moment, say_number

SETUP, CLOSING, OPENING, END = "setup", "closing", "opening", "end"
STEPS = (SETUP, CLOSING, OPENING, END)


def is_available(found: RoundFacts, step: str) -> bool:
    """Whether a step is behind the round, so that its protocol says what happened; annulled rounds too."""
    done = {
        SETUP: found.status is not RoundStatus.SETUP,
        CLOSING: found.closed_at is not None,
        OPENING: found.opened_at is not None,
        END: found.destroyed_at is not None,
    }
    return done[step]


def round_protocol(session: Session, found: RoundFacts, step: str) -> Sheet:
    """The protocol of a step: `setup`, `closing`, `opening` or `end`."""
    make = {SETUP: _setup, CLOSING: _closing, OPENING: _opening, END: _end}[step]
    title, lead, sections = make(session, found)
    signers = [
        staff_name_of(session, member.account_id)
        for member in queries.list_members(session, found.id)
    ]
    round_facts = Section(
        gettext("The round"),
        facts=[
            (gettext("Vote"), found.frozen.title),
            (gettext("Number of the round"), str(found.id)),
            (gettext("Voting opens"), say_deadline(found.opens_at)),
            (gettext("Voting closes"), say_deadline(found.closes_at)),
            (gettext("Hash of the frozen list"), found.list_hash.hex()),
        ],
    )
    return Sheet(title, lead, [round_facts, *sections], signers)


Made = tuple[str, str, list[Section]]


def _setup(session: Session, found: RoundFacts) -> Made:
    members = queries.list_members(session, found.id)
    return (
        gettext("Protocol of preparing the round"),
        gettext(
            "The list of projects was frozen, the keys of the round were made, each member took "
            "their own key file and passphrase, and a test envelope was opened with them."
        ),
        [
            Section(
                gettext("Members and the fingerprints of their key files"),
                words=[
                    gettext(
                        "To open the votes, the key files and passphrases of %(m)s of these %(n)s "
                        "members are needed.",
                        m=found.threshold,
                        n=len(members),
                    )
                ],
                header=[gettext("Member"), gettext("Name"), gettext("Fingerprint (SHA-256)")],
                rows=[
                    [
                        str(m.number),
                        staff_name_of(session, m.account_id),
                        m.key_fingerprint,
                    ]
                    for m in members
                ],
            ),
            Section(
                gettext("Public keys"),
                facts=[
                    (gettext("Key to which envelopes are sealed"), found.public_key.hex()),
                    (gettext("Key that signs control codes"), found.verify_key.hex()),
                ],
            ),
            _incidents(session, found),
        ],
    )


def _closing(session: Session, found: RoundFacts) -> Made:
    counts = queries.count_envelopes(session, found.id)
    return (
        gettext("Protocol of closing the vote"),
        gettext(
            "The vote was closed. The number of envelopes and the root of their hashes were "
            "published before any key was used."
        ),
        [
            *([Section(gettext("Envelopes"), facts=_by_channel(counts))] if counts else []),
            Section(
                gettext("Sealed lists"),
                header=[gettext("When"), gettext("Envelopes"), gettext("Root of their hashes")],
                rows=[
                    [say_moment(one.at), say_number(one.count), one.root.hex()]
                    for one in commission_queries.list_sealed(session, found.id)
                ],
            ),
            _paper(session, found),
            _incidents(session, found),
        ],
    )


def _by_channel(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [
        (str(CHANNEL_NAMES[channel]), say_number(number))
        for channel, number in sorted(counts.items())
    ]


def _opening(session: Session, found: RoundFacts) -> Made:
    opened = queries.read_opened(session, found.id)
    return (
        gettext("Protocol of opening the envelopes"),
        gettext(
            "All envelopes were opened at once with the key files of the members present. City and "
            "district choices were separated for good."
        ),
        [
            Section(
                gettext("Counted"),
                facts=[
                    *_by_channel(opened.counted),
                    (gettext("Lines on the board"), say_number(len(opened.ballots))),
                    (gettext("Opened"), say_moment(found.opened_at)),
                    (
                        gettext("Root of the sealed envelopes"),
                        found.sealed_root.hex() if found.sealed_root else "–",
                    ),
                    (
                        gettext("Root of the public board"),
                        found.board_root.hex() if found.board_root else "–",
                    ),
                ],
            ),
            Section(
                gettext("Envelopes taken out, unopened"),
                header=[gettext("Reason"), gettext("Envelopes")],
                rows=[
                    [str(VOID_REASONS[VoidReason(reason)]), say_number(number)]
                    for reason, number in opened.voided.items()
                ],
                words=[] if opened.voided else [gettext("None.")],
            ),
            _paper(session, found),
            _incidents(session, found),
        ],
    )


def _end(session: Session, found: RoundFacts) -> Made:
    members = queries.list_members(session, found.id)
    return (
        gettext("Protocol of destroying envelopes and keys"),
        gettext(
            "The time for appeals is over and no legal hold stands. Envelopes and the server's keys "
            "were deleted; each member destroyed their key file and passphrase before the others."
        ),
        [
            Section(
                gettext("What was destroyed"),
                facts=[
                    (gettext("The round became final"), say_moment(found.final_at) or "–"),
                    (gettext("End of all appeals"), say_moment(found.keep_until)),
                    (
                        gettext("Envelopes and server keys destroyed"),
                        say_moment(found.destroyed_at) or "–",
                    ),
                ],
            ),
            Section(
                gettext("Key files destroyed before witnesses"),
                header=[
                    gettext("Name"),
                    gettext("Fingerprint (SHA-256)"),
                    gettext("Destroyed (day, signature)"),
                ],
                rows=[
                    [staff_name_of(session, m.account_id), m.key_fingerprint, ""] for m in members
                ],
            ),
            _incidents(session, found),
        ],
    )


def _incidents(session: Session, found: RoundFacts) -> Section:
    rows = [
        [
            say_moment(one.at),
            str(INCIDENT_NAMES.get(one.kind, one.kind)),
            say_incident(one.kind, one.note),
        ]
        for one in commission_queries.list_incidents(session, found.id)
    ]
    return Section(
        gettext("What happened"),
        header=[gettext("When"), gettext("What"), gettext("Note")],
        rows=rows,
        words=[] if rows else [gettext("Nothing out of the ordinary.")],
    )


def _paper(session: Session, found: RoundFacts) -> Section:
    batches = commission_queries.list_batches(session, found.id)
    return Section(
        gettext("Paper"),
        header=[
            gettext("Protocol"),
            gettext("Slips"),
            gettext("Keyed"),
            gettext("Invalid"),
            gettext("Missing"),
        ],
        rows=[
            [b.protocol_number or "–", *map(say_number, (b.claimed, b.keyed, b.invalid, b.missing))]
            for b in batches
            if b.claimed
        ],
        words=[] if batches else [gettext("There were no paper votes.")],
    )


def batch_protocol(session: Session, batch: BatchFacts, point: str, scope: str) -> Sheet:
    """The protocol of a batch: the sum, the reasons, the controls, the clerks."""
    named = Section(
        gettext("Batch"),
        facts=[
            (gettext("Number of the protocol"), batch.protocol_number or "–"),
            (gettext("Point"), point),
            (gettext("District"), scope),
        ],
    )
    return Sheet(
        gettext("Protocol of a batch of paper cards"),
        gettext(
            "Slips and cards of one point and district were counted against each other. Slips and "
            "cards were handled by different clerks."
        ),
        [named, *_batch_sums(batch)],
        [_clerk(session, account_id, part) for account_id, part in batch.clerks],
    )


def _batch_sums(batch: BatchFacts) -> list[Section]:
    sums = [
        (gettext("Slips"), batch.claimed),
        (gettext("Cards keyed"), batch.keyed),
        (gettext("Invalid cards"), batch.invalid),
        (gettext("Slips without a card"), batch.missing),
    ]
    twice = [
        (gettext("Cards keyed twice"), sum(batch.controls.values())),
        (gettext("Differences resolved by a third clerk"), batch.controls.get("resolved", 0)),
    ]
    why = [(gettext("Why cards are missing"), batch.missing_note)] if batch.missing else []
    reasons = [
        [str(INVALID_REASONS[InvalidReason(reason)]), say_number(number)]
        for reason, number in batch.invalids
    ]
    corrected = [
        [
            str(INVALID_REASONS[InvalidReason(one.reason)]),
            say_number(one.was),
            say_number(one.became),
        ]
        for one in batch.corrections
    ]
    heading = gettext("Corrected counts of invalid cards")
    header = [gettext("Reason"), gettext("Before"), gettext("After")]
    return [
        Section(gettext("The sum"), facts=[*((word, say_number(n)) for word, n in sums), *why]),
        _table(gettext("Invalid cards by reason"), reasons),
        *([Section(heading, header=header, rows=corrected)] if corrected else []),
        Section(gettext("Second keying"), facts=[(word, say_number(n)) for word, n in twice]),
    ]


def _clerk(session: Session, account_id: UUID, part: str) -> str:
    return f"{staff_name_of(session, account_id)} ({PARTS[part]})"


def _table(heading: str, rows: Sequence[Sequence[str]]) -> Section:
    return Section(
        heading,
        header=[gettext("Reason"), gettext("Ballot cards")],
        rows=rows,
        words=[] if rows else [gettext("None.")],
    )
