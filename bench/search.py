"""Recall and precision of the catalogue's search on the demo city's proposals, by kind of typing.

python -m bench.search            the figures of bench/search.md
"""

from __future__ import annotations

import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from civic_budget.demo import content
from civic_budget.demo.content.records import LANGUAGES, Proposal
from civic_budget.proposals.search import fold, is_found, plan_search, search_stems

UK_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia", "’": "",
}  # fmt: skip
RU_LATIN = UK_LATIN | {
    "г": "g", "и": "i", "й": "y", "ы": "y", "э": "e", "ю": "yu", "я": "ya", "ё": "yo", "ъ": "",
}  # fmt: skip
ENDINGS = {"pl": ("ami", "ach", "ów", "om", "y", "ę", "u"), "uk": ("ами", "ах", "ів", "у", "и"),
           "ru": ("ами", "ах", "ов", "у", "ы")}  # fmt: skip
LEAST = 6


def longest_words(proposal: Proposal, language: str) -> list[str]:
    """The two longest words of a title, long enough to be mistyped."""
    words = [
        "".join(c for c in word if c.isalpha())
        for word in proposal.title.in_language(language).split()
    ]
    return sorted((w for w in words if len(w) >= LEAST), key=lambda w: (-len(w), w))[:2]


def queries(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Kind of typing and what is typed, for one proposal."""
    for language in LANGUAGES:
        for word in longest_words(proposal, language):
            lower = word.lower()
            yield f"{language} as it is", word
            yield f"{language} a letter left out", lower[:3] + lower[4:]
            yield f"{language} neighbours swapped", lower[:2] + lower[3] + lower[2] + lower[4:]
            yield (
                f"{language} a letter replaced",
                lower[:4] + ("o" if lower[4] != "o" else "a") + lower[5:],
            )
            if language == "pl":
                bare = unicodedata.normalize("NFD", lower.replace("ł", "l"))
                yield "pl without marks", "".join(c for c in bare if not unicodedata.combining(c))
            if language in {"uk", "ru"}:
                table = UK_LATIN if language == "uk" else RU_LATIN
                yield f"{language} in Latin letters", "".join(table.get(c, c) for c in lower)
            if language in ENDINGS and lower[-1] in "aаyяиыiі":
                for ending in ENDINGS[language][:3]:
                    yield f"{language} inflected", lower[:-1] + ending


def main() -> None:
    """Print the table."""
    texts = {
        p.key: fold(
            " ".join(
                [
                    *(f"{p.title.in_language(c)} {p.summary.in_language(c)}" for c in LANGUAGES),
                    p.place,
                ]
            )
        )
        for p in content.proposals()
    }
    vocabulary = {word for text in texts.values() for word in text.split()}
    asked: dict[str, int] = defaultdict(int)
    before: dict[str, int] = defaultdict(int)
    found: dict[str, int] = defaultdict(int)
    size: dict[str, int] = defaultdict(int)
    began = time.perf_counter()
    for proposal in content.proposals():
        for kind, typed in queries(proposal):
            plan = plan_search(typed, vocabulary)
            answers = [key for key, text in texts.items() if is_found(plan, text)]
            asked[kind] += 1
            found[kind] += proposal.key in answers
            size[kind] += len(answers)
            before[kind] += all(stem in texts[proposal.key] for stem in search_stems(typed))
    seconds = time.perf_counter() - began
    total = sum(asked.values())
    print(f"{len(texts)} proposals, {len(vocabulary)} words, {total} queries")
    print(f"{seconds / total * 1000:.1f} ms each")
    print("| typed | queries | recall, stems alone | recall | found, mean |\n|---|---|---|---|---|")
    for kind in sorted(asked):
        shares = [before[kind] / asked[kind], found[kind] / asked[kind]]
        means = f"{shares[0]:.3f} | {shares[1]:.3f} | {size[kind] / asked[kind]:.1f}"
        print(f"| {kind} | {asked[kind]} | {means} |")
    shares = [sum(before.values()) / total, sum(found.values()) / total]
    print(
        f"| all | {total} | {shares[0]:.3f} | {shares[1]:.3f} | {sum(size.values()) / total:.1f} |"
    )


if __name__ == "__main__":
    main()
