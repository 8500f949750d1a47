"""The proposals of the demo city could stand on a real ballot."""

from __future__ import annotations

import re
from collections import Counter

from civic_budget.demo import content
from civic_budget.demo.content.records import LANGUAGES, Narrative, Proposal
from civic_budget.proposals.rules import ProposalState

CYRILLIC = re.compile("[а-яіїєґ]", re.IGNORECASE)


def admitted() -> list[Proposal]:
    return [proposal for proposal in content.proposals() if proposal.fate == "admitted"]


def narrative_parts(narrative: Narrative) -> list[str]:
    return [
        narrative.description,
        narrative.justification,
        narrative.audience,
        narrative.accessibility,
    ]


def test_every_ballot_offers_a_choice() -> None:
    per_pool = Counter(proposal.district for proposal in admitted())
    assert per_pool[None] == 9
    assert {number: per_pool[number] for number in (8, 18)} == {8: 5, 18: 5}
    assert all(per_pool[number] >= 2 for number in range(1, 19))


def test_proposals_are_written_in_four_languages() -> None:
    languages = Counter(proposal.language for proposal in admitted())
    assert languages["pl"] >= 24
    assert languages["uk"] >= 8
    assert languages["ru"] >= 5
    assert languages["en"] >= 5


def test_costs_keep_to_the_limits_of_the_pool() -> None:
    pools = {district.number: district.pool_grosze for district in content.districts()}
    for proposal in content.proposals():
        if proposal.district is None:
            least, most = 2_500_000, 200_000_000
        else:
            least, most = 250_000, pools[proposal.district] * 2 // 5
        assert least <= proposal.cost_grosze <= most, (proposal.key, proposal.cost_grosze)
        assert proposal.upkeep_grosze >= 0
        assert all(line.quantity > 0 for line in proposal.costs)


def test_the_texts_fit_the_form() -> None:
    for proposal in content.proposals():
        for language in LANGUAGES:
            title = proposal.title.in_language(language)
            summary = proposal.summary.in_language(language)
            assert 5 <= len(title) <= 100, (proposal.key, language, len(title))
            assert 60 <= len(summary) <= 250, (proposal.key, language, len(summary))
        for narrative in (proposal.original, proposal.polish):
            sentences = re.findall(r"[.!?](?:\s|$)", narrative.description)
            assert 3 <= len(sentences) <= 6, (proposal.key, len(sentences))
            assert all(len(part) >= 20 for part in narrative_parts(narrative)), proposal.key


def test_each_language_is_written_in_its_own_letters() -> None:
    for proposal in content.proposals():
        for words in (proposal.title, proposal.summary, proposal.decision):
            if words is None:
                continue
            assert CYRILLIC.search(words.uk) and CYRILLIC.search(words.ru), proposal.key
            assert not CYRILLIC.search(words.pl + words.en), proposal.key
            assert not re.search("[ыэъё]", words.uk, re.IGNORECASE), proposal.key
            assert not re.search("[іїєґ]", words.ru, re.IGNORECASE), proposal.key
        assert not CYRILLIC.search(" ".join(narrative_parts(proposal.polish))), proposal.key
        original = " ".join(narrative_parts(proposal.original))
        assert bool(CYRILLIC.search(original)) == (proposal.language in {"uk", "ru"})


def test_a_foreign_original_has_a_reviewed_polish_text() -> None:
    for proposal in content.proposals():
        assert (proposal.original is proposal.polish) == (proposal.language == "pl")
        assert proposal.language not in proposal.translated_into
        assert len(proposal.translated_into) == 3


def test_authors_are_confirmed_residents_of_the_district_and_write_in_their_language() -> None:
    people = {person.key: person for person in content.people()}
    for proposal in content.proposals():
        author = people[proposal.author]
        assert author.standing == "confirmed"
        assert "author" in author.roles
        assert author.language == proposal.language, proposal.key
        assert proposal.district in {None, author.district}, proposal.key
    authors = {proposal.author for proposal in content.proposals()}
    assert authors == {person.key for person in content.people() if "author" in person.roles}


def test_categories_are_known_and_all_of_them_are_used() -> None:
    known = {category.key for category in content.categories()}
    assert {proposal.category for proposal in admitted()} == known


def test_places_lie_in_the_city() -> None:
    for proposal in content.proposals():
        for spot in proposal.places:
            assert 49.96 < spot.latitude < 50.13
            assert 19.79 < spot.longitude < 20.22
            assert len(proposal.places) == 1 or spot.words
        assert proposal.place
    assert sum(len(proposal.places) > 1 for proposal in content.proposals()) >= 5


def test_four_proposals_fail_in_four_different_ways() -> None:
    failed = [proposal for proposal in content.proposals() if proposal.fate != "admitted"]
    states = Counter(proposal.fate for proposal in failed)
    assert states == {"rejected": 2, "withdrawn": 1, "returned": 1}
    assert set(states) <= {state.value for state in ProposalState}
    assert all(proposal.decision for proposal in failed)
    reasons = {reason.key: reason.criterion for reason in content.rejection_reasons()}
    stages = {criterion.key: criterion.stage for criterion in content.criteria()}
    rejected = [proposal for proposal in failed if proposal.fate == "rejected"]
    assert {stages[reasons[proposal.reason or ""]] for proposal in rejected} == {"formal", "merit"}


def test_keys_are_unique() -> None:
    keys = [proposal.key for proposal in content.proposals()]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


def test_the_pools_with_a_choice_cannot_pay_for_everything() -> None:
    pools: dict[int | None, int] = {d.number: d.pool_grosze for d in content.districts()}
    pools[None] = content.city_pool_grosze()
    for scope in (None, 8, 18):
        asked = sum(proposal.cost_grosze for proposal in admitted() if proposal.district == scope)
        assert asked > pools[scope]
