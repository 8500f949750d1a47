"""What happened to persons and their residence cases: ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Something that happened to a residence case."""

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseStarted(CaseEvent):
    """A person began to tell where they live."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseSubmitted(CaseEvent):
    """A case is complete and waits for a decision."""

    person_id: UUID
    road: str


@dataclass(frozen=True, kw_only=True)
class CaseClaimed(CaseEvent):
    """An officer took a case."""


@dataclass(frozen=True, kw_only=True)
class CaseReleased(CaseEvent):
    """An officer gave a case back to the queue."""


@dataclass(frozen=True, kw_only=True)
class InterestDeclared(CaseEvent):
    """An officer said that they know the person, and will not decide."""


@dataclass(frozen=True, kw_only=True)
class ResidenceConfirmed(CaseEvent):
    """A person's residence is confirmed."""

    person_id: UUID
    district: int


@dataclass(frozen=True, kw_only=True)
class MoreRequested(CaseEvent):
    """An officer needs more before deciding."""

    person_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(CaseEvent):
    """The person answered a request for more."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResidenceRefused(CaseEvent):
    """An officer refused a case."""

    person_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class RefusalAppealed(CaseEvent):
    """The person appealed a refusal."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class AppealDismissed(CaseEvent):
    """A second officer upheld a refusal."""

    person_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    """The person took a case back."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseLapsed(CaseEvent):
    """A case ended because it stayed unfinished or unanswered too long."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class RenewalDue(CaseEvent):
    """A confirmation ends soon; the person can renew it with one tap."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResidenceRevoked(CaseEvent):
    """A confirmation turned out wrong."""

    person_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class CheckOpened(CaseEvent):
    """A complaint was upheld: another officer checks the confirmation anew."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class EvidenceReceived(CaseEvent):
    """A document was taken in."""

    file_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class EvidenceRemoved(CaseEvent):
    """The person removed a document before deciding to send it."""

    file_id: UUID


@dataclass(frozen=True, kw_only=True)
class EvidenceDeleted(CaseEvent):
    """A document's time was up: its keys and pages are gone."""

    file_id: UUID


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    """The city set a deadline, an age, a share or a switch of residence otherwise."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class OptionChanged(Event):
    """The city changed or added a kind of proof or a reason."""

    catalogue: str
    code: str
    is_offered: bool


@dataclass(frozen=True, kw_only=True)
class SampleAnnounced(Event):
    """A list of confirmed cases was fixed for a draw."""

    draw_id: UUID
    size: int
    permille: int
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class SampleDrawn(Event):
    """A draw's seed became known and its cases were picked."""

    draw_id: UUID
    seed: str
    drawn: int


@dataclass(frozen=True, kw_only=True)
class ConfirmationChecked(CaseEvent):
    """A second officer checked a drawn case: the confirmation holds."""


@dataclass(frozen=True, kw_only=True)
class CitizenshipAnswered(Event):
    """A person told, changed or withdrew their citizenship; which one is nobody's business here."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonsMerged(Event):
    """Two records turned out to be one human."""

    person_id: UUID
    other_id: UUID


@dataclass(frozen=True, kw_only=True)
class PairSuspected(Event):
    """A comparison of the whole register found two records alike that nobody has judged as they are."""

    person_id: UUID
    other_id: UUID


@dataclass(frozen=True, kw_only=True)
class RegisterCompared(Event):
    """The whole register was compared with itself: how many people, how many new pairs."""

    run_id: UUID
    people: int
    found: int


@dataclass(frozen=True, kw_only=True)
class PairCompared(Event):
    """An officer looked at two similar records side by side."""

    person_id: UUID
    other_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonsParted(Event):
    """A merge was taken back, or two similar records were declared different humans."""

    person_id: UUID
    other_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person asked to be forgotten; a tombstone stays until the running round is final."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonExported(Event):
    """A person took a copy of everything held about them."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProofNoted(CaseEvent):
    """Something speaks for a residence: seen at a desk, a letter that arrived, a register asked."""

    source: str
    kind: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ComplaintEvent(Event):
    """Something happened to a complaint."""

    complaint_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class ComplaintReceived(ComplaintEvent):
    """Somebody complained, or asked whether anybody registered as them."""


@dataclass(frozen=True, kw_only=True)
class ComplaintTaken(ComplaintEvent):
    """An officer began to work on a complaint: its words are open to them."""


@dataclass(frozen=True, kw_only=True)
class ComplaintReleased(ComplaintEvent):
    """An officer gave a complaint back."""


@dataclass(frozen=True, kw_only=True)
class ComplaintUpheld(ComplaintEvent):
    """The complaint was right; for a question: there is another registration."""


@dataclass(frozen=True, kw_only=True)
class ComplaintDismissed(ComplaintEvent):
    """The complaint was not right; for a question: there is no other registration."""


@dataclass(frozen=True, kw_only=True)
class ComplaintHandedOver(ComplaintEvent):
    """A complaint about a vote went to the commission."""


@dataclass(frozen=True, kw_only=True)
class ComplaintWithdrawn(ComplaintEvent):
    """The person took the complaint back."""


@dataclass(frozen=True, kw_only=True)
class VoteDisputed(Event):
    """Somebody says that a vote is not theirs: for the commission. Nothing of any vote is in here."""

    complaint_id: UUID
    person_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RegisterQuestionRefused(Event):
    """Somebody asked registers more often than an edition allows."""

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class LetterEvent(CaseEvent):
    """Something happened to a letter with a code."""

    letter_id: UUID


@dataclass(frozen=True, kw_only=True)
class LetterAsked(LetterEvent):
    """A person asked for a letter with a code to their address."""


@dataclass(frozen=True, kw_only=True)
class LetterPrinted(LetterEvent):
    """An officer printed a letter; a code that was printed before is void."""


@dataclass(frozen=True, kw_only=True)
class LetterPosted(LetterEvent):
    """A letter was given to the post."""


@dataclass(frozen=True, kw_only=True)
class LetterEnded(LetterEvent):
    """A letter arrived, expired, was spent by wrong codes, or was called off."""

    state: str
