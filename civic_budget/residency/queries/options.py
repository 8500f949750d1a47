"""Looking up the lists of proofs and reasons as they hold now."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.config import LANGUAGES
from civic_budget.residency.models import ResidencyOption
from civic_budget.residency.options import Catalogue, Option, merged


def list_options(session: Session, catalogue: Catalogue) -> tuple[Option, ...]:
    """Every entry, closed ones too, in the order in which people see them."""
    rows = session.scalars(
        select(ResidencyOption).where(ResidencyOption.catalogue == catalogue.value)
    )
    return merged(catalogue, (_option(row) for row in rows))


def offered_codes(session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """The codes that can be chosen now."""
    return tuple(option.code for option in list_options(session, catalogue) if option.is_offered)


def _option(row: ResidencyOption) -> Option:
    return Option(
        catalogue=Catalogue(row.catalogue),
        code=row.code,
        is_offered=row.is_offered,
        needs_landlord=row.needs_landlord,
        confirms_alone=row.confirms_alone,
        names=_words(row, "name"),
        texts=_words(row, "text"),
    )


def _words(row: ResidencyOption, kind: str) -> dict[str, str]:
    return {code: said for code in LANGUAGES if (said := getattr(row, f"{kind}_{code}"))}
