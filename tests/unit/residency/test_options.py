"""Lists of proofs and reasons: what the product brings, what a city may change, what suffices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from civic_budget.config import LANGUAGES
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.guardian_rules import GUARDIAN_PAPERS
from civic_budget.residency.labels.checklists import KIND_POINTS, checklist_for
from civic_budget.residency.labels.proofs import (
    MORE_NAMES,
    MORE_SENTENCES,
    PROOF_HINTS,
    PROOF_NAMES,
    REFUSAL_NAMES,
    REFUSAL_SENTENCES,
)
from civic_budget.residency.options import (
    Catalogue,
    Option,
    built_in,
    check_catalogue,
    check_option,
    merged,
    suffices,
)
from civic_budget.residency.rules import CaseState, Road

WORDS = dict.fromkeys(LANGUAGES, "words")
OWN = Option(Catalogue.PROOF, "parish_letter", names=WORDS, texts=WORDS)
PROOFS = built_in(Catalogue.PROOF)


@pytest.mark.parametrize(
    ("catalogue", "names", "texts"),
    [
        (Catalogue.PROOF, PROOF_NAMES, PROOF_HINTS),
        (Catalogue.MORE, MORE_NAMES, MORE_SENTENCES),
        (Catalogue.REFUSAL, REFUSAL_NAMES, REFUSAL_SENTENCES),
    ],
)
def test_everything_that_is_brought_has_words(
    catalogue: Catalogue, names: dict[str, object], texts: dict[str, object]
) -> None:
    codes = {option.code for option in built_in(catalogue)}
    papers = set(GUARDIAN_PAPERS) if catalogue is Catalogue.PROOF else set()
    assert codes | papers == set(names)
    assert codes == set(texts)


def test_kinds_without_a_landlord_are_brought() -> None:
    free = {option.code for option in PROOFS if not option.needs_landlord}
    assert {"school_letter", "clinic_letter", "ngo_letter", "bill_transfer"} <= free
    assert {option.code for option in PROOFS} == set(KIND_POINTS)


def test_a_citys_own_entries_follow_and_its_changes_keep_their_place() -> None:
    closed = replace(PROOFS[3], is_offered=False)
    found = merged(Catalogue.PROOF, [OWN, closed])
    assert [o.code for o in found] == [*(o.code for o in PROOFS), "parish_letter"]
    assert not found[3].is_offered


@pytest.mark.parametrize(
    ("kinds", "enough"),
    [
        (["bill_transfer"], False),
        (["bill_transfer", "bill_transfer"], False),
        (["bill_transfer", "unheard_of"], True),
        (["lease"], True),
        ([], False),
    ],
)
def test_what_suffices(kinds: list[str], enough: bool) -> None:
    assert suffices(kinds, PROOFS) is enough


@pytest.mark.parametrize(
    ("option", "code", "field"),
    [
        (replace(OWN, code="Ą!"), "bad_code", "code"),
        (replace(OWN, code="lease"), "code_taken", "code"),
        (replace(OWN, names=WORDS | {"uk": " "}), "words_missing", "name_uk"),
        (replace(OWN, texts={"pl": "x"}), "words_missing", "text_en"),
        (replace(OWN, names={}), "words_missing", "name_pl"),
        (replace(OWN, texts=WORDS | {"ru": "я" * 601}), "words_too_long", "text_ru"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused_at_its_field(
    option: Option, code: str, field: str
) -> None:
    with pytest.raises(Conflict) as refused:
        check_option(option, is_new=True, taken={o.code for o in PROOFS})
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_last_way_without_a_landlord_cannot_be_closed() -> None:
    with_landlord = [replace(o, is_offered=o.needs_landlord) for o in PROOFS]
    with pytest.raises(Conflict, match="landlord_always_needed"):
        check_catalogue(with_landlord)
    with pytest.raises(Conflict, match="nothing_offered"):
        check_catalogue([replace(o, is_offered=False) for o in PROOFS])
    check_catalogue([*with_landlord, OWN])


def test_a_checklist_follows_road_kinds_and_appeal() -> None:
    codes = [code for code, _ in checklist_for(Road.STATEMENT, [], CaseState.SUBMITTED)]
    assert codes == ["name", "address", "flags"]
    kinds = ["lease", "clinic_letter", "parish_letter", "lease"]
    codes = [code for code, _ in checklist_for(Road.DOCUMENT, kinds, CaseState.APPEALED)]
    assert codes == ["name", "address", "date", "whole", "health", "parties", "appeal"]
