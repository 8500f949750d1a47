"""Freezing, drawing and sealing: everybody once, every cell with noise, every table once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from civic_budget.statistics import release as releases
from civic_budget.statistics.catalogue import DEFAULT
from civic_budget.statistics.errors import (
    AlreadySealed,
    ArchiveDisagrees,
    BadPerson,
    BrokenChain,
    BudgetExceeded,
    DuplicatePerson,
    NotInCatalogue,
)
from civic_budget.statistics.ledger import DirectoryLedger, MemoryLedger, broken_links, restore
from civic_budget.statistics.release import seal, seal_edition
from civic_budget.statistics.tabulate import freeze

from .crowds import AT, DAY, city, dice, person, seal_of, sealed, town, truth_of


def draw(frozen, ledger, archive=None, **changes):
    plain = {"edition": "2026", "at": AT, "below": dice(3)}
    return seal_edition(frozen, ledger=ledger, archive=archive, **(plain | changes))


# -- counting --------------------------------------------------------------------------------------


def test_a_person_stands_in_one_cell_of_each_table_only():
    with pytest.raises(DuplicatePerson, match="7"):
        freeze([person(7, "UA"), person(8), person(7, "BY")], DEFAULT)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nationality": "QQ"}, "nationality 'QQ'"),
        ({"nationality": ""}, "nationality ''"),
        ({"district": ""}, "district"),
        ({"sex": "K"}, "sex 'K'"),
        ({"age": -1}, "age -1"),
        ({"channel": None}, "both a channel and the day"),
        ({"counted_on": None}, "both a channel and the day"),
        ({"channel": ""}, "channel ''"),
    ],
)
def test_who_cannot_be_counted_is_refused_with_the_reason(changes, reason):
    with pytest.raises(BadPerson, match=reason):
        freeze([person(1, **changes)], DEFAULT)


def test_lists_of_the_catalogue_are_closed():
    closed = replace(DEFAULT, districts=("D1",), channels=("web",), days=(DAY,))
    freeze([person(1)], closed)
    for changes in (
        {"district": "D2"},
        {"channel": "paper"},
        {"counted_on": DAY + timedelta(days=1)},
    ):
        with pytest.raises(BadPerson, match=r"not in the list|not a day of the vote"):
            freeze([person(1, **changes)], closed)


def test_paper_voters_without_an_account_vote_but_are_not_registered():
    people = [person(n, registered=n % 2 == 0, channel="paper") for n in range(200)]
    totals = freeze(people, DEFAULT).totals
    assert totals.get("voters") == 200
    assert totals.get("registered") == 100


def test_sex_not_given_counts_with_another():
    people = [person(n, sex="X" if n % 2 else "") for n in range(120)]
    assert freeze(people, DEFAULT).totals.get("voters", ("sex",), ("X",)) == 120


def test_a_voter_without_registration_and_authors_are_counted_as_distinct_persons():
    frozen = freeze([person(n, author=n < 60) for n in range(100)], DEFAULT)
    assert frozen.totals.get("authors") == 60


def test_small_totals_are_withheld():
    frozen = freeze([person(n, age=70 if n < 49 else 30) for n in range(200)], DEFAULT)
    assert frozen.totals.get("voters", ("age", "sex"), ("65+", "F")) is None
    assert frozen.totals.cap("voters", ("age", "sex"), ("65+", "F")) == 49
    assert frozen.totals.get("voters", ("age", "sex"), ("25-34", "F")) == 151
    with pytest.raises(NotInCatalogue):
        frozen.totals.get("voters", ("district", "age"), ("D1", "25-34"))


def test_a_small_district_counts_with_the_next_smallest():
    sizes = {"D1": 500, "D2": 49, "D3": 60, "D4": 300}
    people = [
        person(1000 * place + n, district=district)
        for place, (district, size) in enumerate(sizes.items())
        for n in range(size)
    ]
    frozen = freeze(people, DEFAULT)
    assert frozen.frame.districts == ("D1", "D2+D3", "D4")
    assert frozen.frame.merged == {"D2": "D2+D3", "D3": "D2+D3"}
    assert frozen.totals.get("voters", ("district",), ("D2+D3",)) == 109


def test_districts_are_joined_as_the_catalogue_says():
    joined = replace(DEFAULT, merged={"D2": "Centre", "D1": "Centre"})
    people = [person(n, district=f"D{n % 3 + 1}") for n in range(600)]
    assert freeze(people, joined).frame.districts == ("Centre", "D3")


def test_days_without_votes_are_days_too():
    people = [person(n, counted_on=DAY + timedelta(days=n % 2 * 3)) for n in range(200)]
    assert len(freeze(people, DEFAULT).frame.days) == 4


# -- drawing ---------------------------------------------------------------------------------------


def test_every_code_and_every_cell_gets_its_own_noise(monkeypatch):
    calls = []

    def spy(eps, below):
        calls.append(eps)
        return 1000

    monkeypatch.setattr(releases, "discrete_laplace", spy)
    release = draw(town(), MemoryLedger())
    cells = sum(len(s.values) for s in release.seals)
    assert len(calls) == cells
    assert seal_of(release, "R1").axes[0] == DEFAULT.foreign_codes()
    exact = truth_of(release, town())
    for sealed_table in release.seals:
        assert [v - 1000 for v in sealed_table.values] == exact[sealed_table.table]
    for table in DEFAULT.tables:
        size = len(seal_of(release, table.name).values)
        assert sum(eps == table.eps for eps in calls) >= size


def test_poland_is_never_measured():
    for sealed_table in sealed(city()).seals:
        assert "PL" not in sealed_table.axes[0]


def test_counts_add_up_to_the_public_totals():
    release = sealed(town())
    exact = truth_of(release, town())
    foreign = sum(exact["V2"])
    assert foreign == sum(exact["V1"]) == sum(exact["V3"]) == sum(exact["V4"])
    assert foreign < (release.totals.get("voters") or 0)


def test_classes_are_known_before_the_tables_that_need_them():
    release = sealed(city())
    assert release.seals[0].table == "R1"
    assert seal_of(release, "V2").axes[0] == release.classes.order


def test_voters_may_be_sealed_later_than_the_registered():
    ledger = MemoryLedger()
    first = draw(town(), ledger, only={"R1", "R2", "R3"})
    assert [s.table for s in first.seals] == ["R1", "R2", "R3"]
    second = draw(town(), ledger, only={"A1", "V1", "V2", "V3", "V4"})
    assert len(second.seals) == 8
    assert second.classes == first.classes


# -- sealing ---------------------------------------------------------------------------------------


def test_a_table_is_sealed_once():
    ledger = MemoryLedger()
    draw(town(), ledger)
    head = ledger.head()
    with pytest.raises(AlreadySealed):
        draw(town(), ledger)
    assert ledger.head() == head
    assert len(draw(town(), ledger, edition="2027").seals) == 8


def test_a_repeated_round_is_paid_from_the_reserve():
    ledger = MemoryLedger()
    release = draw(town(), ledger)
    again = {"edition": "2026", "classes": release.classes, "ledger": ledger, "archive": None}
    with pytest.raises(BudgetExceeded):
        seal(town(), "V2", epoch="2", eps=Fraction("0.21"), at=AT, **again)
    seal(town(), "V2", epoch="2", eps=Fraction("0.20"), at=AT, **again)
    with pytest.raises(BudgetExceeded):
        seal(town(), "V2", epoch="3", eps=Fraction("0.01"), at=AT, **again)
    assert sum(s.eps for s in ledger.tables("2026")) == 2


def test_the_first_draw_costs_what_the_catalogue_says():
    with pytest.raises(BudgetExceeded):
        seal(
            town(),
            "R1",
            edition="2026",
            classes=None,
            ledger=MemoryLedger(),
            archive=None,
            at=AT,
            eps=Fraction("0.10"),
        )


def test_the_seals_form_a_chain_that_no_change_survives():
    seals = sealed(town()).seals
    assert broken_links(seals, "0" * 64) == []
    changed = replace(seals[3], values=(seals[3].values[0] + 1, *seals[3].values[1:]))
    assert len(broken_links([*seals[:3], changed, *seals[4:]])) == 1
    assert len(broken_links([*seals[:3], *seals[4:]])) == 1


def test_a_failed_write_to_the_ledger_leaves_no_seal_anywhere(tmp_path):
    class Broken(MemoryLedger):
        def append(self, sealed):
            raise OSError("disk full")

    archive = DirectoryLedger(tmp_path)
    with pytest.raises(OSError, match="disk full"):
        draw(town(), Broken(), archive)
    assert archive.tables() == ()
    assert len(draw(town(), MemoryLedger(), archive).seals) == 8


def test_a_restored_backup_cannot_draw_again(tmp_path):
    archive = DirectoryLedger(tmp_path / "archive")
    drawn = draw(town(), MemoryLedger(), archive)
    backup = MemoryLedger()
    for seal_before in drawn.seals[:5]:
        backup.append(seal_before)
    with pytest.raises(ArchiveDisagrees):
        draw(town(), backup, archive, only={"V2"})
    assert restore(backup, archive) == 3
    assert backup.tables() == drawn.seals
    with pytest.raises(AlreadySealed):
        draw(town(), backup, archive, only={"V2"})


def test_a_ledger_that_went_another_way_is_not_restored(tmp_path):
    archive = DirectoryLedger(tmp_path)
    draw(town(), MemoryLedger(), archive)
    other = MemoryLedger()
    draw(town(), other, below=dice(99))
    with pytest.raises(BrokenChain):
        restore(other, archive)


def test_the_archive_notices_a_changed_file(tmp_path):
    archive = DirectoryLedger(tmp_path)
    draw(town(), MemoryLedger(), archive)
    path = sorted(tmp_path.glob("*.json"))[2]
    text = path.read_text()
    path.chmod(0o644)
    path.write_text(text.replace('"epoch": "1"', '"epoch": "2"'))
    with pytest.raises(BrokenChain):
        archive.head()


def test_a_seal_out_of_order_is_refused():
    seals = sealed(town()).seals
    ledger = MemoryLedger()
    with pytest.raises(BrokenChain):
        ledger.append(seals[1])
    ledger.append(seals[0])
    with pytest.raises(AlreadySealed):
        ledger.append(seals[0].chained(ledger.head()))


def test_nobody_voted_or_nobody_came():
    quiet = freeze([person(n, channel=None, counted_on=None) for n in range(80)], DEFAULT)
    assert len(sealed(quiet).seals) == 8
    assert len(sealed(freeze([], DEFAULT)).seals) == 8
