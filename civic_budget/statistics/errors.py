"""What the statistics room refuses, as exceptions. Must not know Flask or storage."""

from __future__ import annotations


class StatisticsError(Exception):
    """Anything the statistics room refuses to do."""


class BadCatalogue(StatisticsError):
    """The catalogue contradicts itself: too much epsilon, an unknown dimension, a bad code."""


class BadPerson(StatisticsError):
    """A person's row that cannot be counted."""


class DuplicatePerson(BadPerson):
    """The same person came twice, so would stand in two cells of one table."""


class AlreadySealed(StatisticsError):
    """This edition, table and epoch has been drawn before; a second draw would weaken the noise."""


class TooEarly(StatisticsError):
    """The votes are not opened yet, so nobody can be counted."""


class TooLate(StatisticsError):
    """Who took part is no longer known: counting now would say that nobody voted."""


class BudgetExceeded(StatisticsError):
    """Sealing this would spend more epsilon than the edition has."""


class ArchiveDisagrees(StatisticsError):
    """The archive outside the database ends with another seal than the ledger."""


class BrokenChain(StatisticsError):
    """A seal does not match its own content or the seal before it."""


class NotInCatalogue(StatisticsError):
    """No table of the catalogue holds this combination of dimensions."""


class BadFile(StatisticsError):
    """A file that cannot be read; `line` counts from 1 with the header, 0 means the whole file."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        where = f"{name}, line {line}" if line else name
        super().__init__(f"{where}: {reason}")
        self.name = name
        self.line = line
        self.reason = reason
