"""`make translate`: bring the four catalogues up to the texts in code and templates.

Babel finds the texts; polib lays the catalogues out, sorted and at a fixed width, so that two people's
changes meet in few lines. A new text arrives empty, one that nobody says any more goes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polib

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "messages.pot"
WIDTH = 100
PLURAL_FORMS = {"pl": 3, "en": 2, "uk": 3, "ru": 3}


def extract() -> polib.POFile:
    """All texts that code and templates say, written to messages.pot."""
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.toml"]
    command += ["-k", "lazy_gettext", "--no-location", "-o", str(TEMPLATE)]
    command += ["civic_budget", "templates"]
    subprocess.run(command, cwd=HERE.parent, check=True)  # noqa: S603 - no word of it comes from outside
    found = polib.pofile(str(TEMPLATE), wrapwidth=WIDTH)
    found.header, found.metadata_is_fuzzy = "", False
    found.metadata = {
        "Project-Id-Version": "civic-budget",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    found[:] = sorted(found, key=lambda entry: entry.msgid)
    found.save()
    return found


def refresh(language: str, found: polib.POFile) -> int:
    """Write one language's catalogue; how many of its texts are still empty."""
    path = HERE / language / "LC_MESSAGES" / "messages.po"
    catalogue = polib.pofile(str(path), wrapwidth=WIDTH)
    held = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    catalogue[:] = [_entry(text, held.get(text.msgid), language) for text in found]
    catalogue.save()
    return sum(not entry.translated() for entry in catalogue)


def _entry(text: polib.POEntry, held: polib.POEntry | None, language: str) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=text.msgid,
        msgid_plural=text.msgid_plural,
        flags=list(text.flags),
        comment=text.comment,
    )
    if text.msgid_plural:
        empty = dict.fromkeys(range(PLURAL_FORMS[language]), "")
        entry.msgstr_plural = (held and held.msgstr_plural) or empty
    elif held:
        entry.msgstr = held.msgstr
    return entry


if __name__ == "__main__":
    texts = extract()
    for code in PLURAL_FORMS:
        print(f"{code}: {len(texts)} texts, {refresh(code, texts)} to translate")
