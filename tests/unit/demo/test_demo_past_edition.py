"""The past edition's winners follow Kraków's rule, and each winner can be followed to its end."""

from __future__ import annotations

import re
from collections import defaultdict

from civic_budget.demo import content
from civic_budget.demo.content.records import LANGUAGES, PastProject, Words
from civic_budget.demo.drawing import SCENES, draw_picture
from civic_budget.proposals.file_rules import LONGEST_ALT, SHORTEST_ALT


def pools() -> dict[int | None, list[PastProject]]:
    by_pool: dict[int | None, list[PastProject]] = defaultdict(list)
    for project in content.past_edition().projects:
        by_pool[project.district].append(project)
    return by_pool


def money(scope: int | None) -> int:
    if scope is None:
        return content.city_pool_grosze()
    return {district.number: district.pool_grosze for district in content.districts()}[scope]


def test_thirty_projects_in_six_districts_and_the_city() -> None:
    assert len(content.past_edition().projects) == 30
    assert None in pools()
    assert len(pools()) == 7


def test_winners_are_taken_by_points_and_misfits_are_passed_over() -> None:
    passed_over = 0
    for scope, projects in pools().items():
        left = money(scope)
        for project in sorted(projects, key=lambda one: -one.points):
            assert project.selected == (project.cost_grosze <= left), project.key
            if project.selected:
                left -= project.cost_grosze
            passed_over += not project.selected
        points = [project.points for project in projects]
        assert len(set(points)) == len(points)
    assert passed_over == 7


def test_costs_keep_to_forty_percent_of_a_district_and_two_million_in_the_city() -> None:
    for scope, projects in pools().items():
        most = 200_000_000 if scope is None else money(scope) * 2 // 5
        assert all(project.cost_grosze <= most for project in projects)


def test_ballot_numbers_count_up_within_each_pool() -> None:
    for projects in pools().values():
        numbers = sorted(project.ballot_number for project in projects)
        assert numbers == list(range(1, len(projects) + 1))


def test_only_winners_are_carried_out_and_their_steps_are_in_order() -> None:
    edition = content.past_edition()
    for project in edition.projects:
        assert bool(project.steps) == project.selected, project.key
        days = [step.happened_on for step in project.steps]
        assert days == sorted(days)
        assert all(day > edition.results_on for day in days)
        for step in project.steps:
            assert (step.real_cost_grosze is not None) == (step.stage == "finished")
            if step.real_cost_grosze is not None:
                assert step.real_cost_grosze <= project.cost_grosze
    latest = {project.steps[-1].stage for project in edition.projects if project.steps}
    assert latest == {"planned", "in_progress", "delayed", "finished"}


def test_delays_give_their_reason_and_texts_keep_their_letters() -> None:
    cyrillic = re.compile("[а-яіїєґ]", re.IGNORECASE)
    edition = content.past_edition()
    texts: list[Words] = [edition.name]
    for project in edition.projects:
        texts.append(project.title)
        texts.extend(step.note for step in project.steps)
        for step in project.steps:
            if step.stage == "delayed":
                assert step.note.pl.startswith("Opóźnienie: ")
                assert step.note.en.startswith("Delayed: ")
                assert step.expected_on is not None
    for words in texts:
        assert cyrillic.search(words.uk) and cyrillic.search(words.ru)
        assert not cyrillic.search(words.pl + words.en)
        assert not re.search("[ыэъё]", words.uk, re.IGNORECASE)
        assert not re.search("[іїєґ]", words.ru, re.IGNORECASE)


def test_pictures_are_drawn_and_told_in_four_languages() -> None:
    shown = [s for p in content.past_edition().projects for s in p.steps if s.photo]
    assert {step.stage for step in shown} == {"delayed", "finished"}
    for step in shown:
        assert step.photo is not None
        for language in LANGUAGES:
            assert SHORTEST_ALT <= len(step.photo.alt.in_language(language)) <= LONGEST_ALT
    assert {step.photo.scene for step in shown if step.photo} == set(SCENES)
    for scene in SCENES:
        assert draw_picture(scene).startswith(b"\xff\xd8")


def test_categories_are_known() -> None:
    known = {category.key for category in content.categories()}
    assert {project.category for project in content.past_edition().projects} <= known
