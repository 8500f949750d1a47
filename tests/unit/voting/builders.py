"""A small round for the tests of the voting core: three lists, real keys, cheap to make."""

from __future__ import annotations

import random
from uuid import UUID

from civic_budget.voting.choice import (
    BallotForm,
    BallotRule,
    Choice,
    Kind,
    Level,
    Origin,
    ScopeForm,
    Section,
    encode_plaintext,
)
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.opening import Envelope, PaperBallot, Urn, Void
from civic_budget.voting.sealing import seal

ROUND = UUID("11111111-2222-3333-4444-555555555555")
KRAKOW = BallotRule(Kind.POINTS, points=(3, 2, 1), min_picks=3)
CITY = ScopeForm("city", tuple(f"BO.OM.{n}/26" for n in range(1, 8)), KRAKOW)
D1 = ScopeForm("d01", tuple(f"BO.D1.{n}/26" for n in range(1, 6)), KRAKOW)
D2 = ScopeForm("d02", ("BO.D2.1/26", "BO.D2.2/26"), KRAKOW)
FORM = BallotForm((Level("city", (CITY,)), Level("district", (D1, D2))))


def a_choice(draw: random.Random) -> dict[str, Section]:
    """A random valid choice: three of the city, all that a district asks for."""
    district = draw.choice((D1, D2))
    return {
        "city": Section("city", tuple(draw.sample(CITY.projects, 3))),
        "district": Section(
            district.code, tuple(draw.sample(district.projects, district.bounds[0]))
        ),
    }


def web_envelope(
    keys: RoundSecrets, person: UUID, nonce: bytes, choice: Choice, form: BallotForm = FORM
) -> Envelope:
    """What casting writes for this person."""
    tag = keys.tag(person)
    plaintext = encode_plaintext(form, Origin.WEB, nonce, choice)
    sealed = seal(keys.public_key, keys.round_id, tag, plaintext)
    return Envelope(tag, "web", sealed, keys.mac(tag, "web", sealed))


def paper_claim(keys: RoundSecrets, person: UUID) -> Envelope:
    """What registering an identity slip writes."""
    tag = keys.tag(person)
    return Envelope(tag, "paper", None, keys.mac(tag, "paper", None))


def paper_ballot(
    keys: RoundSecrets, serial: str, choice: Choice, form: BallotForm = FORM
) -> PaperBallot:
    """What keying a card writes."""
    batch, serial_tag = UUID(int=7), keys.serial_tag(serial)
    plaintext = encode_plaintext(form, Origin.PAPER, serial.encode(), choice)
    sealed = seal(keys.public_key, keys.round_id, serial_tag, plaintext)
    mac = keys.paper_mac(serial_tag, batch, sealed)
    return PaperBallot(serial_tag, batch, sealed, mac)


def a_void(keys: RoundSecrets, tag: bytes, reason: str = "duplicate") -> Void:
    """What two members write when they take an envelope out."""
    first, second = UUID(int=101), UUID(int=102)
    return Void(tag, reason, first, second, keys.void_mac(tag, reason, first, second))


def an_urn(keys: RoundSecrets, voters: int, *, cards: int = 0, seed: int = 1) -> Urn:
    """Random valid votes of that many people online and that many on paper."""
    draw = random.Random(seed)
    envelopes, papers, eligible = [], [], {}
    for number in range(voters + cards):
        person = UUID(int=draw.getrandbits(128))
        eligible[keys.tag(person)] = person
        if number < voters:
            envelopes.append(web_envelope(keys, person, draw.randbytes(32), a_choice(draw)))
        else:
            envelopes.append(paper_claim(keys, person))
            serial = "".join(draw.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=16))
            papers.append(paper_ballot(keys, serial, a_choice(draw)))
    return Urn(tuple(envelopes), (), tuple(papers), eligible)
