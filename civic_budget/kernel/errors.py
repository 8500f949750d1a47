"""What can go wrong in the domain, as codes: the words for people live in each room's `labels`."""

from __future__ import annotations


class DomainError(Exception):
    """A deed that the rules refuse. `code` names the reason; `details` fill the sentence's gaps."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Conflict(DomainError):
    """A deed that clashes with what is already there, told at the form field it concerns."""

    def __init__(self, code: str, *, field: str | None = None, **details: object) -> None:
        super().__init__(code, **details)
        self.field = field


class NotAllowed(DomainError):
    """The actor may not do this (role, relation, standing, phase or state)."""


class NotFound(DomainError):
    """There is no such thing, or not for this actor; told at the form field where it was named."""

    def __init__(
        self, code: str = "not_found", *, field: str | None = None, **details: object
    ) -> None:
        super().__init__(code, **details)
        self.field = field
