"""Citizenship has three readers and nobody else: looked for in the source itself."""

from __future__ import annotations

import re

from civic_budget.paths import ROOT

PACKAGE = ROOT / "civic_budget"
OWN = PACKAGE / "residency" / "citizenship.py"
MODEL = PACKAGE / "residency" / "models.py"


def files_with(pattern: str) -> set[str]:
    wanted = re.compile(pattern)
    return {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if path not in {OWN, MODEL} and wanted.search(path.read_text(encoding="utf-8"))
    }


def test_only_its_own_module_touches_the_table() -> None:
    assert files_with(r"PersonNationality|person_nationality") == set()


def test_each_reader_is_called_from_one_place_only() -> None:
    assert files_with(r"read_for_own_page\(") == {"residency/views/mine.py"}
    assert files_with(r"read_for_own_export\(") <= {"residency/service/rights.py"}
    assert all(name.startswith("statistics/") for name in files_with(r"\blist_for_release\b"))


def test_no_event_no_message_and_no_officers_page_names_it() -> None:
    office = PACKAGE / "residency" / "views" / "office.py"
    assert "citizenship" not in office.read_text(encoding="utf-8").lower()
    for template in ("queue", "office_case", "_office_open", "reason"):
        text = (ROOT / "templates" / "residency" / f"{template}.html").read_text(encoding="utf-8")
        assert "citizenship" not in text.lower()
