"""What the demo city consists of: frozen records in the city's words, money in grosze.

Plain Python; must not know where the texts are stored nor any room of the platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LANGUAGES = ("pl", "en", "uk", "ru")


@dataclass(frozen=True)
class Words:
    """One text in the four languages of the platform."""

    pl: str
    en: str
    uk: str
    ru: str

    def in_language(self, language: str) -> str:
        """The text in one of the four languages; KeyError for any other code."""
        return {"pl": self.pl, "en": self.en, "uk": self.uk, "ru": self.ru}[language]


@dataclass(frozen=True)
class Named:
    """A code and its words: a category."""

    key: str
    name: Words


@dataclass(frozen=True)
class District:
    """A district with its pool of money; `residents` is None where no figure was published."""

    number: int
    roman: str
    name: str
    pool_grosze: int
    latitude: float
    longitude: float
    residents: int | None
    residents_source: str | None


@dataclass(frozen=True)
class Street:
    """A street (or part of one) of a district; bounds are None when all of it is."""

    district: int
    name: str
    postcode: str | None
    numbers_from: int | None
    numbers_to: int | None
    parity: str | None

    def holds(self, number: int) -> bool:
        """Whether a house number lies on this part of the street."""
        if self.parity is not None and (number % 2 == 0) != (self.parity == "even"):
            return False
        if self.numbers_from is not None and number < self.numbers_from:
            return False
        return self.numbers_to is None or number <= self.numbers_to


@dataclass(frozen=True)
class Place:
    """A place where people live without a street number: dormitory, workers_hostel, shelter."""

    key: str
    district: int
    kind: str
    name: Words


@dataclass(frozen=True)
class OpeningHours:
    """Days such as `mon-fri` or `sat`, with opening and closing time as HH:MM local time."""

    days: str
    opens: str
    closes: str


@dataclass(frozen=True)
class AssistancePoint:
    """A point where residents are helped in person; `accessible` means step-free."""

    key: str
    district: int
    street: str
    number: str
    phone: str
    languages: tuple[str, ...]
    accessible: bool
    hours: tuple[OpeningHours, ...]
    name: Words
    note: Words


@dataclass(frozen=True)
class ProofKind:
    """A kind of proof of residence and whether one paper of it is enough."""

    key: str
    needs_landlord: bool
    confirms_alone: bool
    name: Words
    hint: Words


@dataclass(frozen=True)
class RefusalReason:
    """Why a residence case is refused, in a sentence for the resident."""

    key: str
    sentence: Words


@dataclass(frozen=True)
class RejectionReason:
    """Why a proposal is rejected, in a public sentence, and the criterion that failed."""

    key: str
    criterion: str
    sentence: Words


@dataclass(frozen=True)
class Criterion:
    """One line of the formal checklist or of the merit card (`stage`: formal or merit)."""

    key: str
    stage: str
    correctable: bool
    words: Words


@dataclass(frozen=True)
class Price:
    """A demonstration unit price; `unit` is piece, set, m2, m, hour, day or course."""

    key: str
    unit_grosze: int
    unit: str
    name: Words


@dataclass(frozen=True)
class Person:
    """An invented resident and where the story finds them.

    `citizenships` are ISO 3166 alpha-2 codes or `stateless`; empty: not given. `proof_road` is
    statement, upload or desk; `standing` confirmed, awaiting, needs_more or refused;
    `asked_for` a proof kind, `refusal_reason` a code, `guardian` another person's key.
    """

    key: str
    family_name: str
    given_names: str
    original_family_name: str | None
    original_given_names: str | None
    patronymic: str | None
    sex: str | None
    born_on: date
    language: str
    email: str | None
    phone: str | None
    district: int
    street: str
    number: str
    citizenships: tuple[str, ...]
    proof_road: str
    proof_kind: str | None
    standing: str
    asked_for: str | None
    refusal_reason: str | None
    roles: tuple[str, ...]
    guardian: str | None


@dataclass(frozen=True)
class StaffMember:
    """An invented member of the office; `role` is a role code, `unit` an assessor's."""

    key: str
    name: str
    role: str
    language: str
    email: str
    unit: Words | None


@dataclass(frozen=True)
class CostLine:
    """A quantity of one item of the price list, with its words."""

    price: Price
    quantity: int

    @property
    def grosze(self) -> int:
        """What the line costs."""
        return self.price.unit_grosze * self.quantity


@dataclass(frozen=True)
class Narrative:
    """The long texts of a proposal in one language."""

    description: str
    justification: str
    audience: str
    accessibility: str


@dataclass(frozen=True)
class Spot:
    """A point in degrees where a proposal should be; `words` are a name or an address, perhaps none."""

    latitude: float
    longitude: float
    words: str = ""


@dataclass(frozen=True)
class Proposal:
    """A proposal of the current edition.

    `district` is None for city-wide. Title and summary are the author's in `language`, and human
    translations in the other three. `original` is what the author wrote; `polish` the reviewed
    Polish text (the same object for a Polish author). `fate`: admitted, rejected, withdrawn or
    returned; `reason` a rejection reason's key, `decision` the public words for all but admitted.
    """

    key: str
    district: int | None
    author: str
    language: str
    category: str
    place: str
    places: tuple[Spot, ...]
    costs: tuple[CostLine, ...]
    upkeep_grosze: int
    title: Words
    summary: Words
    original: Narrative
    polish: Narrative
    fate: str
    reason: str | None
    decision: Words | None

    @property
    def cost_grosze(self) -> int:
        """The author's estimate: the sum of the lines."""
        return sum(line.grosze for line in self.costs)

    @property
    def translated_into(self) -> tuple[str, ...]:
        """The languages whose title and summary are translations."""
        return tuple(code for code in LANGUAGES if code != self.language)


@dataclass(frozen=True)
class Photo:
    """A picture that the demo draws: which scene, and what is seen in it."""

    scene: str
    alt: Words


@dataclass(frozen=True)
class Step:
    """A moment of an implementation: planned, in_progress, delayed or finished.

    `real_cost_grosze` is known at the end; a delay's note gives its reason.
    """

    stage: str
    happened_on: date
    expected_on: date | None
    real_cost_grosze: int | None
    note: Words
    photo: Photo | None


@dataclass(frozen=True)
class PastProject:
    """A project of the past edition with its result; points as counted, steps oldest first."""

    key: str
    ballot_number: int
    district: int | None
    category: str
    title: Words
    cost_grosze: int
    points: int
    selected: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class PastAct:
    """What the mayor decided after the vote; `project` is a key, empty for the whole list."""

    kind: str
    project: str
    title: str
    happened_on: date
    reason: Words


@dataclass(frozen=True)
class PastEdition:
    """An earlier edition: only some of its pools are shown. Pools are those of `districts()`."""

    year: int
    name: Words
    voting_opened_on: date
    voting_closed_on: date
    results_on: date
    projects: tuple[PastProject, ...]
    acts: tuple[PastAct, ...]
