"""One pair of keys for every test of the voting core; making them costs nothing."""

import pytest

from civic_budget.voting.keys import RoundSecrets, new_round_secrets
from civic_budget.voting.sealing import Opener

from .builders import ROUND


@pytest.fixture(scope="session")
def both() -> tuple[bytes, RoundSecrets]:
    return new_round_secrets(ROUND)


@pytest.fixture(scope="session")
def private_key(both: tuple[bytes, RoundSecrets]) -> bytes:
    return both[0]


@pytest.fixture(scope="session")
def keys(both: tuple[bytes, RoundSecrets]) -> RoundSecrets:
    return both[1]


@pytest.fixture(scope="session")
def opener(private_key: bytes) -> Opener:
    return Opener(private_key)
