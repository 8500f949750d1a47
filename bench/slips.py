"""What happens to a human's entry between two offices: typing slips and other ways of writing.

Rows are changed in place; every slip takes the row and the city's random numbers.
"""

import random
import unicodedata
from datetime import date, timedelta

Row = dict[str, str]

LATEST = date(2026, 3, 1)
"""The day on which the cities stand: nobody is born later."""


def cased(name: str, rnd: random.Random) -> str:
    """In capitals, as a third of offices write, or not."""
    return name.upper() if rnd.random() < 0.35 else name.title()


def unmarked(name: str) -> str:
    """Without the marks that foreign keyboards lack."""
    plain = unicodedata.normalize(
        "NFKD", name.replace("ł", "l").replace("Ł", "L").replace("ı", "i")
    )
    return "".join(c for c in plain if not unicodedata.combining(c))


def _typo(word: str, rnd: random.Random) -> str:
    """One letter doubled, dropped, replaced by a neighbour on the keyboard, or swapped."""
    if len(word) < 4:
        return word
    i = rnd.randint(1, len(word) - 2)
    letter = word[i]
    neighbours = {
        "a": "sq",
        "e": "wr",
        "i": "uo",
        "o": "ip",
        "n": "mb",
        "k": "jl",
        "r": "te",
        "s": "ad",
    }
    return rnd.choice(
        (
            word[:i] + word[i + 1 :],
            word[:i] + letter + word[i:],
            word[:i] + word[i + 1] + letter + word[i + 2 :],
            word[:i] + rnd.choice(neighbours.get(letter.lower(), "aeon")) + word[i + 1 :],
        )
    )


def typo_in_given(row: Row, rnd: random.Random) -> None:
    """One slip of the finger in the given names."""
    row["given_names"] = _typo(row["given_names"], rnd)


def typo_in_family(row: Row, rnd: random.Random) -> None:
    """One slip of the finger in the family name."""
    row["family_name"] = _typo(row["family_name"], rnd)


def birth_slip(row: Row, rnd: random.Random) -> None:
    """Day and month exchanged, or a date some days or years away."""
    year, month, day = row["birth_date"].split("-")
    if rnd.random() < 0.5 and int(day) <= 12:
        row["birth_date"] = f"{year}-{day}-{month}"
        return
    born = date.fromisoformat(row["birth_date"])
    for step in rnd.sample((1, -1, 3, -3, 10, -10), 6):
        if rnd.random() < 0.5:
            moved = born + timedelta(days=step)
        else:
            leap = (born.month, born.day) == (2, 29)
            moved = born.replace(year=born.year + step, day=28 if leap else born.day)
        if moved < LATEST:
            row["birth_date"] = moved.isoformat()
            return


def number_slip(row: Row, rnd: random.Random) -> None:
    """One digit of the document number replaced."""
    number = row["document_number"]
    if len(number) > 4:
        i = rnd.randint(2, len(number) - 2)
        row["document_number"] = number[:i] + rnd.choice("0123456789") + number[i + 1 :]


def swapped(row: Row, rnd: random.Random) -> None:
    """Given names and family name in each other's fields."""
    row["given_names"], row["family_name"] = row["family_name"], row["given_names"]


def address_otherwise(row: Row, rnd: random.Random) -> None:
    """The same home, written another way, or without its flat."""
    street, house, flat = row["street"], row["house"], row["flat"]
    way = rnd.randint(0, 3)
    if way == 0 and flat:
        row["house"], row["flat"] = f"{house}/{flat}", ""
    elif way == 1:
        row["street"] = street.removeprefix("ul. ").removeprefix("os. ").removeprefix("al. ")
    elif way == 2:
        row["street"], row["postcode"] = unmarked(street), ""
    else:
        row["flat"] = ""
