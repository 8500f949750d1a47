"""A limit that leaves no trace: tries are counted in memory, under a key that nobody can ask for.

For deeds that must not lead to a connection, as a claim about a ballot's line. A stored counter could be
tested against an address by whoever holds the installation's key. The price: each process counts for itself,
and a restart counts from nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from datetime import datetime
from threading import Lock

from civic_budget.accounts.attempts import HOUR, TooManyTries

KEY_BYTES = 32


class UnwrittenTries:
    """So many tries of a subject an hour in this process; the next hour forgets key and counts."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = Lock()
        self._hour = -1
        self._key = b""
        self._counts: Counter[bytes] = Counter()

    def count(self, subject: str, *, at: datetime) -> None:
        """Count one try; raises TooManyTries above the limit."""
        hour = int(at.timestamp() // HOUR.total_seconds())
        with self._lock:
            if hour != self._hour:
                self._hour, self._key = hour, secrets.token_bytes(KEY_BYTES)
                self._counts.clear()
            blind = hashlib.blake2b(subject.encode(), key=self._key, digest_size=16).digest()
            self._counts[blind] += 1
            if self._counts[blind] > self._limit:
                raise TooManyTries
