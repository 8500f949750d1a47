"""How somebody is reached: an e-mail address or a phone number, normalised so that doubles meet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from civic_budget.kernel.errors import Conflict

EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")


class ContactKind(StrEnum):
    """By what a message travels."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True)
class Contact:
    """A normalised address: lower-case e-mail, or a phone number in E.164."""

    kind: ContactKind
    address: str

    @property
    def masked(self) -> str:
        """The address with its middle hidden, to be shown back: o…a@example.org, +48 … 123."""
        if self.kind is ContactKind.PHONE:
            return f"{self.address[:3]} … {self.address[-3:]}"
        name, _, host = self.address.partition("@")
        return f"{name[0]}…{name[-1]}@{host}"


@dataclass(frozen=True)
class CardNumber:
    """The number on an activation card, K-7K2M-94QF: a sign-in name for people without a contact."""

    number: str

    @property
    def address(self) -> str:
        """The number, as counters and forms call it."""
        return self.number


SignInName = Contact | CardNumber


def read_sign_in_name(text: str) -> SignInName:
    """A card number, e-mail address or phone number; raises Conflict at `contact` for anything else."""
    number = read_card_number(text)
    return CardNumber(number) if number else read_contact(text)


def read_card_number(text: str) -> str | None:
    """The card number that somebody typed, whatever its case, spaces and hyphens; None: not one."""
    found = re.fullmatch(r"[KК]([0-9A-Z]{4})([0-9A-Z]{4})", re.sub(r"[\s\-–]", "", text.upper()))
    return f"K-{found[1]}-{found[2]}" if found else None


def read_contact(text: str) -> Contact:
    """The contact that somebody typed; raises Conflict at field `contact` when it is neither kind.

    Nine digits are a Polish number; others need their country's prefix.
    """
    text = text.strip()
    if "@" in text:
        if EMAIL.fullmatch(text) and len(text) <= 254:
            return Contact(ContactKind.EMAIL, text.lower())
        raise Conflict("bad_email", field="contact")
    digits = re.sub(r"[\s().\-]", "", text)
    if re.fullmatch(r"\d{9}", digits):
        return Contact(ContactKind.PHONE, "+48" + digits)
    digits = re.sub(r"^00", "+", digits)
    if re.fullmatch(r"\+\d{8,15}", digits):
        return Contact(ContactKind.PHONE, digits)
    raise Conflict("bad_contact", field="contact")
