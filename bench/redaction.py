"""How well the finder of personal data finds, and how fast a package for the public bulletin is made.

python -m bench.redaction         the figures of bench/redaction.md

The people, numbers and addresses are invented here; the other sentences are the demo city's proposals.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator

from civic_budget.assessment.bulletin import (
    Document,
    check_documents,
    cover_documents,
    hash_documents,
    pack,
)
from civic_budget.assessment.redaction import find_personal_data
from civic_budget.demo import content
from civic_budget.web.printing import render_pdf

SEED = 20261128
TEXTS = 250
ROWS = 1152
# Names as they stand in a sentence, declined as its verb asks; then the sentence around them.
NAMES = {
    "pl": ("Anny Nowak", "Janem Kowalskim", "Zofię Wiśniewską", "pani Ireny Zając", "Piotrowi Lisowi",
           "Agnieszką Maj", "Tomasza Króla", "Oksany Melnyczuk", "p. Krzysztofa Wójcika", "Ewa Sowa",
           "Nguyen Thi Lan", "J. Kowalski"),
    "uk": ("Олени Ковальчук", "Тарасом Мельником", "Оксані Шевченко", "Іван Бондар", "Наталії Коваль",
           "Андрієві Лисенку", "Марією Ткачук", "пані Галини Гончар", "Сергія Кравця", "Юлія Мороз",
           "Зарема Ісмаїлова", "О. Коваль"),
    "ru": ("Анны Волковой", "Сергеем Ивановым", "Ольге Морозовой", "Иван Петров", "Елену Соколову",
           "Дмитрию Орлову", "Татьяной Лебедевой", "Михаила Зайцева", "Наталья Козлова",
           "Андрея Крылова", "Айгуль Сапарова", "С. Иванов"),
    "en": ("Anna Smith", "John Taylor", "Emily Clark", "Oliver Hughes", "Sarah Johnson", "Peter Brown",
           "Maria Garcia", "Robert Wilson", "Julia Evans", "Adam Walker", "Priya Nair", "J. Smith"),
}  # fmt: skip
# Written after the finder was last mended, and never used to mend it.
UNSEEN = {
    "pl": ("Wacławem Strugiem", "Kai Piorun", "Ziemowita Nagórskiego", "Jeremiemu Sroce", "Bożydara Wilka",
           "Tomaszem Gilem", "Haliny Rój", "Le Van Minh"),
    "uk": ("Любомира Гнатюка", "Мирослави Сич", "Віталієм Журбою", "Устимові Дзюбі", "Олександри Рибки",
           "Ярославом Чайкою", "Лілії Бджоли", "Ельвіри Меметової"),
    "ru": ("Геннадия Сомова", "Людмилой Сорокиной", "Зинаиде Беловой", "Тимуром Ахметовым", "Аллы Рыбиной",
           "Вячеславу Зуеву", "Ларисы Ежовой", "Гульнарой Юсуповой"),
    "en": ("Margaret Doyle", "William Finch", "Siobhan Kelly", "Thomas Reed", "Fatima Khan", "Helen Marsh",
           "George Lamb", "Chen Wei"),
}  # fmt: skip
SENTENCES = {
    "pl": ("Podpis {} jest nieczytelny.", "Prosimy pytać o {} w sekretariacie.", "Działka należy do {}."),
    "uk": ("Підпис {} не читається.", "Питайте про {} у секретаріаті.", "Ділянка належить {}."),
    "ru": ("Подпись {} нечитаема.", "Спрашивайте о {} в приёмной.", "Участок принадлежит {}."),
    "en": ("The signature of {} cannot be read.", "Ask for {} at the desk.", "The plot belongs to {}."),
}  # fmt: skip


def planted(kind: str, language: str, chance: random.Random) -> str:
    """Something personal of a kind, as a person would write it."""
    digits = "".join(str(chance.randrange(10)) for _ in range(11))
    if kind in {"name", "unseen name"}:
        return chance.choice((NAMES if kind == "name" else UNSEEN)[language])
    if kind == "phone":
        parts = "5" + digits[:2], digits[2:5], digits[5:8]
        return chance.choice(["", "+48 "]) + chance.choice([" ", "-", ""]).join(parts)
    if kind == "email":
        return f"{chance.choice(['anna.nowak', 'taras_m', 'o.k+bo'])}{digits[:2]}@example.org"
    if kind == "pesel":
        return digits
    return f"{chance.choice(['CBA', 'AZT', 'ED'])} {digits[:6]}"


def innocent() -> dict[str, list[str]]:
    """Sentences of proposals, where every find is a false one, by language."""
    found: dict[str, list[str]] = {language: [] for language in NAMES}
    for one in content.proposals():
        for language in NAMES:
            found[language].append(one.summary.in_language(language))
        found["pl"] += [*one.polish.description.split(". "), one.place]
        found[one.language] += one.original.description.split(". ")
    return found


def measure() -> Iterator[tuple[str, str, int, int, int]]:
    """Language, kind, planted, found of these, and other finds in the same texts (false ones)."""
    chance = random.Random(SEED)
    others = innocent()
    for language in NAMES:
        for kind in ("name", "unseen name", "phone", "email", "pesel", "document"):
            hits, false = 0, 0
            for _ in range(TEXTS):
                before = chance.choice(others[language]).rstrip(". ") + ". "
                said = planted(kind, language, chance)
                frame = chance.choice(SENTENCES[language])
                text = before + frame.format(said)
                start = len(before) + frame.index("{}")
                end = start + len(said)
                whole = [s for s in find_personal_data(text) if s.start < end and s.end > start]
                hits += bool(whole)
                false += len(find_personal_data(text)) - len(whole)
            yield language, kind, TEXTS, hits, false


def packages() -> Iterator[tuple[str, float]]:
    """Step of making a package of Kraków's number of proposals, and its seconds."""
    chance = random.Random(SEED)
    texts = [text for found in innocent().values() for text in found]
    rows = tuple(
        (
            f"BO.D{n % 18 + 1}.{n}/26",
            chance.choice(texts)[:100],
            f"Dzielnica {n % 18 + 1}",
            chance.choice(texts),
            "Odrzucony",
            SENTENCES["pl"][n % 3].format(planted("name", "pl", chance))
            + " "
            + chance.choice(texts),
        )
        for n in range(ROWS)
    )
    header = ("Numer", "Tytuł", "Gdzie", "Miejsca", "Stan", "Uzasadnienie")
    documents = (Document("wyniki-oceny", "Wyniki oceny", header, rows),)
    begun = time.perf_counter()
    findings = check_documents(documents)
    yield f"personal data looked for in {ROWS} rows ({len(findings)} finds)", _since(begun)
    begun = time.perf_counter()
    hash_documents(cover_documents(documents, findings))
    yield "covered and hashed", _since(begun)
    begun = time.perf_counter()
    said = {
        "lang": "pl",
        "title": "Wyniki oceny",
        "header": list(header),
        "rows": [list(row) for row in rows],
        "edition": "Edycja",
    }
    pdf = render_pdf("bulletin_list", said)
    yield f"tagged PDF ({len(pdf) // 1024} KB)", _since(begun)
    begun = time.perf_counter()
    pack({"wyniki-oceny.pdf": pdf, "wyniki-oceny.html": str(rows).encode()}, {"kind": "verdicts"})
    yield "packed with its manifest", _since(begun)


def _since(begun: float) -> float:
    return time.perf_counter() - begun


def main() -> None:
    """Print both tables of bench/redaction.md."""
    print("| language | kind | planted | recall | precision |\n|---|---|---|---|---|")
    totals: Counter[str] = Counter()
    for language, kind, number, hits, false in measure():
        totals.update(planted=number, hits=hits, false=false)
        print(
            f"| {language} | {kind} | {number} | {hits / number:.3f} | {hits / (hits + false):.3f} |"
        )
    found = totals["hits"]
    print(
        f"| all | all | {totals['planted']} | {found / totals['planted']:.3f} | "
        f"{found / (found + totals['false']):.3f} |"
    )
    print("\n| step | seconds |\n|---|---|")
    for step, seconds in packages():
        print(f"| {step} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
