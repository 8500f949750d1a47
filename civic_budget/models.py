"""Every table of every room in one MetaData, for migrations and for the schema's own tests."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

from civic_budget.storage.types import Base

SHELVES = (
    "storage.installation",
    "storage.outbox",
    "storage.schedule",
    "storage.audit",
    "accounts.models",
    "city.models",
    "editions.models",
    "residency.models",
    "proposals.models",
    "assessment.models",
    "voting.models",
    "voting.claim_models",
    "voting.commission_models",
    "results.models",
    "statistics.models",
    "notifications.models",
    "news.models",
)

for shelf in SHELVES:
    if find_spec(f"civic_budget.{shelf}") is not None:
        importlib.import_module(f"civic_budget.{shelf}")

METADATA = Base.metadata
