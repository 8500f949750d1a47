"""Any sequence of words, reversals and openings on four records: the clusters are what the definition says."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from civic_budget.kernel.errors import DomainError
from civic_budget.storage.db import Database
from tests.storage.residency.test_clusters import Office, Pair, all_pairs, expected

PAIRS = st.sampled_from(all_pairs())


def reaches(one: int, other: int, merges: set[Pair]) -> bool:
    return any({one, other} <= members for members in expected(merges))


class Words(RuleBasedStateMachine):
    """The model: proposals by whom, accepted merges, which of them are fixed, and words of difference."""

    office: ClassVar[Office]

    @initialize()
    def begin(self) -> None:
        self.office.forget()
        self.proposed: dict[Pair, int] = {}
        self.merged: set[Pair] = set()
        self.fixed: set[Pair] = set()
        self.apart: set[Pair] = set()

    @rule(pair=PAIRS, officer=st.integers(0, 1), is_turned=st.booleans())
    def say_same(self, pair: Pair, officer: int, is_turned: bool) -> None:
        came = self._try(lambda: self.office.same(pair[::-1] if is_turned else pair, officer))
        if pair in self.merged:
            assert came is True
        elif pair not in self.proposed:
            assert came is False
            self.proposed[pair] = officer
            self.apart.discard(pair)
        elif self.proposed[pair] == officer:
            assert came == "same_officer"
        elif self._contradicts(pair):
            assert came == "contradicts_word"
        else:
            assert came is True
            del self.proposed[pair]
            self.merged.add(pair)

    @rule(pair=PAIRS)
    def say_different(self, pair: Pair) -> None:
        came = self._try(lambda: self.office.different(pair))
        if reaches(*pair, self.fixed):
            assert came == "merge_fixed"
            return
        self.merged.discard(pair)
        self.proposed.pop(pair, None)
        self.apart.add(pair)
        assert came is not reaches(*pair, self.merged)

    @rule()
    def open_ballots(self) -> None:
        self.office.open_ballots()
        self.fixed = set(self.merged)

    @invariant()
    def clusters_are_components_of_merges(self) -> None:
        assert self.office.clusters() == expected(self.merged)

    def _contradicts(self, pair: Pair) -> bool:
        """Joining the two would put two records into one cluster that were called different."""
        if reaches(*pair, self.merged):
            return False
        after = self.merged | {pair}
        return any(
            reaches(*wall, after) and not reaches(*wall, self.merged)
            for wall in self.apart - {pair}
        )

    def _try(self, deed: object) -> object:
        try:
            return deed()  # type: ignore[operator]
        except DomainError as error:
            return error.code


@pytest.mark.proof
def test_any_sequence_of_words_gives_the_clusters_of_the_definition(database: Database) -> None:
    Words.office = Office(database)
    run_state_machine_as_test(
        Words,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
