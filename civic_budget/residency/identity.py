"""Who somebody is and where they live, as values that are sealed before they are stored. Plain Python."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from civic_budget.residency.matching import Address


@dataclass(frozen=True)
class HomeAddress:
    """A home: a street of the city's list with its house, or a named place without one."""

    street: str
    house: str = ""
    flat: str = ""
    postcode: str = ""
    note: str = ""
    is_described: bool = False
    district: int | None = None
    """Of a described place only, as the person told it; streets have theirs in the city's list."""

    def one_line(self) -> str:
        """The address as it is written on an envelope."""
        house = f"{self.house}/{self.flat}" if self.flat else self.house
        return ", ".join(part for part in (f"{self.street} {house}".strip(), self.postcode) if part)

    def for_matching(self) -> Address:
        """The address as the matcher compares it."""
        return Address(self.street, self.house, self.flat, self.postcode)


@dataclass(frozen=True)
class Identity:
    """A person's names as in their document, other forms that they gave, birth date and home."""

    given_names: str
    family_name: str
    born_on: date
    original_name: str = ""
    patronymic: str = ""
    address: HomeAddress | None = None

    @property
    def full_name(self) -> str:
        """Given names, then family name."""
        return f"{self.given_names} {self.family_name}".strip()

    def to_json(self) -> dict[str, Any]:
        """As plain values, to be sealed."""
        return {**asdict(self), "born_on": self.born_on.isoformat()}

    @staticmethod
    def from_json(values: dict[str, Any]) -> Identity:
        """What `to_json` wrote."""
        address = values.get("address")
        return Identity(
            **{
                **values,
                "born_on": date.fromisoformat(values["born_on"]),
                "address": HomeAddress(**address) if address else None,
            }
        )


@dataclass(frozen=True)
class Answers:
    """What a person has told so far in a case; a step that was not reached is None or empty."""

    given_names: str = ""
    family_name: str = ""
    original_name: str = ""
    patronymic: str = ""
    born_on: date | None = None
    sex: str | None = None
    sex_asked: bool = False
    address: HomeAddress | None = None
    district: int | None = None
    contested_district: int | None = None
    citizenships_asked: bool = False

    def identity(self) -> Identity | None:
        """The identity told, once name and birth date are there."""
        if not self.given_names or self.born_on is None:
            return None
        return Identity(
            given_names=self.given_names,
            family_name=self.family_name,
            born_on=self.born_on,
            original_name=self.original_name,
            patronymic=self.patronymic,
            address=self.address,
        )

    def who(self) -> tuple[Any, ...]:
        """Every name and the birth date, as told."""
        names = (self.given_names, self.family_name, self.original_name, self.patronymic)
        return (*names, self.born_on)

    def stated(self) -> tuple[Any, ...]:
        """Who and where: what proofs, a signature and a decision speak of."""
        return (*self.who(), self.address)

    @staticmethod
    def known(
        identity: Identity, *, sex: str | None, address: HomeAddress | None, district: int | None
    ) -> Answers:
        """What an identity tells already, sex asked, at the home and in the district named here."""
        return Answers(
            given_names=identity.given_names,
            family_name=identity.family_name,
            original_name=identity.original_name,
            patronymic=identity.patronymic,
            born_on=identity.born_on,
            sex=sex,
            sex_asked=True,
            address=address,
            district=district,
        )

    def told(self, **values: Any) -> Answers:
        """These answers with some of them told anew."""
        return replace(self, **values)

    def to_json(self) -> dict[str, Any]:
        """As plain values, to be sealed."""
        born = self.born_on.isoformat() if self.born_on else None
        return {**asdict(self), "born_on": born}

    @staticmethod
    def from_json(values: dict[str, Any]) -> Answers:
        """What `to_json` wrote."""
        address, born = values.get("address"), values.get("born_on")
        return Answers(
            **{
                **values,
                "born_on": date.fromisoformat(born) if born else None,
                "address": HomeAddress(**address) if address else None,
            }
        )
