"""Components of forms and ballots: labels, hints, errors and controls are tied together, without any app."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from wtforms import BooleanField, Form, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from civic_budget.paths import TEMPLATES

PROJECT = SimpleNamespace(
    id="7", number="BO.D8.7/26", title="Сад", cost="1 zł", place="", lang="uk", summary="", url="/p"
)


class Question(Form):  # type: ignore[misc]
    name = StringField("Name", [InputRequired("Write your name.")], description="As on paper.")
    proof = RadioField(
        "Proof",
        [InputRequired("Choose one.")],
        choices=[SelectChoice("lease", "Lease"), SelectChoice("dorm", "Dormitory")],
    )
    truth = BooleanField("It is true", [InputRequired("Confirm it.")])


@pytest.fixture(scope="module")
def environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals["csrf_token"] = lambda: "token"
    return environment


def _draw(environment: Environment, source: str, **values: Any) -> str:
    return environment.from_string(source).render(**values)


def _refused() -> Question:
    form = Question()
    form.validate()
    return form


def test_a_field_is_tied_to_its_label_hint_and_error(environment: Environment) -> None:
    source = '{% from "components/fields.html" import text_field %}{{ text_field(form.name) }}'
    page = _draw(environment, source, form=_refused())
    assert '<label for="name"' in page
    assert 'aria-describedby="name-hint name-error"' in page
    assert 'aria-invalid="true"' in page
    assert re.search(r'id="name-hint">As on paper\.', page)
    assert re.search(r'id="name-error">.*Write your name\.', page)


def test_a_field_without_errors_says_none(environment: Environment) -> None:
    source = '{% from "components/fields.html" import text_field %}{{ text_field(form.name) }}'
    page = _draw(environment, source, form=Question())
    assert "aria-invalid" not in page
    assert 'aria-describedby="name-hint"' in page


def test_the_summary_links_to_what_can_take_the_focus(environment: Environment) -> None:
    source = (
        '{% from "components/fields.html" import error_summary, all_fields %}'
        "{{ error_summary(form) }}{{ all_fields(form) }}"
    )
    page = _draw(environment, source, form=_refused())
    targets = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page)
    assert targets == [
        ("name", "Write your name."),
        ("proof-0", "Choose one."),
        ("truth", "Confirm it."),
    ]
    for target, _ in targets:
        assert re.search(rf'<input[^>]* id="{target}"', page)


def test_an_error_of_the_whole_form_is_said_too(environment: Environment) -> None:
    form = Question(data={"name": "A"})
    form.form_errors = ["Somebody was quicker."]
    source = '{% from "components/fields.html" import error_summary %}{{ error_summary(form) }}'
    assert "<li>Somebody was quicker.</li>" in _draw(environment, source, form=form)


def test_choices_have_a_legend_and_hints(environment: Environment) -> None:
    source = (
        '{% from "components/fields.html" import radios %}'
        '{{ radios(form.proof, hints={"dorm": "With a stamp."}) }}'
    )
    page = _draw(environment, source, form=Question())
    assert page.count('type="radio"') == 2
    assert "<legend>Proof</legend>" in page
    assert 'aria-describedby="proof-1-hint"' in page
    assert 'id="proof-1-hint">With a stamp.' in page


def test_a_form_carries_its_token_only_when_posted(environment: Environment) -> None:
    source = (
        '{% from "components/fields.html" import form_frame %}'
        "{% call form_frame(method=method) %}{% endcall %}"
    )
    assert 'name="csrf_token" value="token"' in _draw(environment, source, method="post")
    assert "csrf_token" not in _draw(environment, source, method="get")


def test_ballot_controls_fit_the_place(environment: Environment) -> None:
    other = SimpleNamespace(**{**vars(PROJECT), "id": "8"})
    slots = [
        {"points": 3, "project": PROJECT},
        {"points": 2, "project": other},
        {"points": 1, "project": None},
    ]
    source = (
        '{% from "components/ballot.html" import ballot_tray %}{{ ballot_tray("My", slots, "/b") }}'
    )
    page = _draw(environment, source, slots=slots)
    controls = re.findall(r'data-focus="([a-z]+-\d)"', page)
    assert controls == ["down-7", "remove-7", "up-8", "remove-8"]
    assert page.count('action="/b"') == 4
    assert "2 of 3" in page
    assert "Free place for 1 point" in page


def test_an_untranslated_title_keeps_its_language(environment: Environment) -> None:
    source = (
        '{% from "components/ballot.html" import ballot_card %}{{ ballot_card(project, "/b") }}'
    )
    page = _draw(environment, source, project=PROJECT)
    assert '<h3 lang="uk"><a href="/p">Сад</a></h3>' in page
    assert 'name="add" value="7"' in page


def test_a_table_says_protected_for_a_missing_number(environment: Environment) -> None:
    source = (
        '{% from "components/tables.html" import data_table %}'
        '{{ data_table("Votes", ["Country", {"label": "Votes", "n": true}], [["Nauru", none]]) }}'
    )
    page = _draw(environment, source)
    assert '<th scope="row">Nauru</th>' in page
    assert '<em class="protected">protected</em>' in page
    assert 'role="region" tabindex="0" aria-label="Votes"' in page


def test_words_of_people_are_escaped(environment: Environment) -> None:
    source = (
        '{% from "components/lists.html" import summary_list %}'
        '{{ summary_list([{"term": "Name", "value": value}]) }}'
    )
    assert "<b>" not in _draw(environment, source, value="<b>x</b>")


@pytest.mark.parametrize(
    "file", sorted((TEMPLATES / "layouts").iterdir()) + sorted((TEMPLATES / "components").iterdir())
)
def test_no_inline_style_or_script(file: Any) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r'\sstyle="|<style|\son[a-z]+="', text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
