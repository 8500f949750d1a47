"""How messages leave: SMTP and an SMS gateway for a city, files for the demo. Doubles are recognised by id."""

from __future__ import annotations

import json
import smtplib
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.accounts.queries import Reachable, get_reachable
from civic_budget.config import Settings
from civic_budget.kernel.clock import utc_now
from civic_budget.notifications.rendering import Letter, render_letter
from civic_budget.storage.outbox import Task
from civic_budget.web.current import database, settings

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class DeliveredMessage:
    """A message in the demo's mailbox."""

    id: str
    at: str
    kind: str
    to: str
    language: str
    subject: str
    body: str
    stop_url: str = ""

    @property
    def moment(self) -> datetime:
        """When it would have been sent."""
        return datetime.fromisoformat(self.at)


def perform_message(task: Task) -> None:
    """Send one message of the outbox; a recipient without any contact is told in the account only."""
    reachable = _recipient(task)
    if reachable.contact is None:
        return
    values = task.payload["values"]
    letter = render_letter(task.payload["message"], reachable.language, values)
    _sender(settings())(task.id, reachable.contact, letter)


def _recipient(task: Task) -> Reachable:
    payload = task.payload
    if "account_id" in payload:
        with database().reading() as session:
            return get_reachable(session, UUID(payload["account_id"]))
    contact = Contact(ContactKind(payload["kind"]), payload["address"])
    return Reachable(task.id, contact, payload["language"])


Sender = Callable[[UUID, Contact, Letter], None]


def _sender(chosen: Settings) -> Sender:
    if chosen.is_demo:
        return lambda key, contact, letter: put_in_mailbox(chosen.mailbox, key, contact, letter)
    return lambda key, contact, letter: _send_for_real(chosen, key, contact, letter)


def _send_for_real(chosen: Settings, key: UUID, contact: Contact, letter: Letter) -> None:
    if contact.kind is ContactKind.EMAIL:
        _send_mail(chosen, key, contact, letter)
    else:
        _send_sms(chosen, key, contact, letter)


def write_mail(chosen: Settings, key: UUID, contact: Contact, letter: Letter) -> EmailMessage:
    """A letter as a mail; news carries the headers of one-click unsubscription (RFC 2369, RFC 8058)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = chosen.mail_from, contact.address, letter.subject
    mail["Message-ID"] = f"<{key}@{urlsplit(chosen.public_url).hostname}>"
    mail["Content-Language"] = letter.language
    mail["Auto-Submitted"] = "auto-generated"
    if letter.stop_url:
        mail["List-Unsubscribe"] = f"<{letter.stop_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.body)
    return mail


def _send_mail(chosen: Settings, key: UUID, contact: Contact, letter: Letter) -> None:
    mail = write_mail(chosen, key, contact, letter)
    to = urlsplit(chosen.mail_url)
    client = smtplib.SMTP_SSL if to.scheme == "smtps" else smtplib.SMTP
    with client(to.hostname or "localhost", to.port or 0, timeout=TIMEOUT_SECONDS) as server:
        if to.scheme == "smtp":
            server.starttls()
        if to.username:
            server.login(unquote(to.username), unquote(to.password or ""))
        server.send_message(mail)


def _send_sms(chosen: Settings, key: UUID, contact: Contact, letter: Letter) -> None:
    if not chosen.sms_url.startswith("https://"):
        raise RuntimeError("no SMS gateway is configured (CIVIC_BUDGET_SMS_URL)")
    body = json.dumps({"id": str(key), "to": contact.address, "text": letter.short}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(key)}
    if chosen.sms_token:
        headers["Authorization"] = f"Bearer {chosen.sms_token}"
    request = urllib.request.Request(  # noqa: S310 - https only, checked above
        chosen.sms_url, data=body, headers=headers
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
        pass


def put_in_mailbox(folder: Path, key: UUID, contact: Contact, letter: Letter) -> None:
    """Keep a message as a file named by its id: sent twice, it is there once."""
    folder.mkdir(parents=True, exist_ok=True)
    is_sms = contact.kind is ContactKind.PHONE
    message = DeliveredMessage(
        id=str(key),
        at=utc_now().isoformat(),
        kind="sms" if is_sms else "email",
        to=contact.address,
        language=letter.language,
        subject="" if is_sms else letter.subject,
        body=letter.short if is_sms else letter.body,
        stop_url=letter.stop_url,
    )
    target, draft = folder / f"{key}.json", folder / f".{key}.part"
    if not target.exists():
        draft.write_text(json.dumps(asdict(message), ensure_ascii=False), encoding="utf-8")
        draft.rename(target)


def list_mailbox(folder: Path) -> Sequence[DeliveredMessage]:
    """The demo's messages, the latest first."""
    found = [
        DeliveredMessage(**json.loads(path.read_text(encoding="utf-8")))
        for path in folder.glob("*.json")
    ]
    return sorted(found, key=lambda message: message.at, reverse=True)
