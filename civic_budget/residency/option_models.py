"""What a city changed in the lists of proofs and reasons, with its words in four languages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base


class ResidencyOption(Base):
    """An entry of a list as the city wants it; words are whole in four languages, or the product's."""

    __tablename__ = "residency_option"
    __table_args__ = (
        CheckConstraint("catalogue IN ('proof', 'more', 'refusal')", name="catalogue"),
        CheckConstraint("length(code) BETWEEN 3 AND 40", name="code"),
        CheckConstraint(
            "(name_pl = '') = (name_en = '') AND (name_pl = '') = (name_uk = '') "
            "AND (name_pl = '') = (name_ru = '')",
            name="whole_name",
        ),
        CheckConstraint(
            "(text_pl = '') = (text_en = '') AND (text_pl = '') = (text_uk = '') "
            "AND (text_pl = '') = (text_ru = '')",
            name="whole_text",
        ),
    )

    catalogue: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    is_offered: Mapped[bool]
    needs_landlord: Mapped[bool]
    confirms_alone: Mapped[bool]
    name_pl: Mapped[str]
    name_en: Mapped[str]
    name_uk: Mapped[str]
    name_ru: Mapped[str]
    text_pl: Mapped[str]
    text_en: Mapped[str]
    text_uk: Mapped[str]
    text_ru: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
