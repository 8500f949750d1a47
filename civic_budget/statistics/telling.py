"""What `flask statistics …` prints, in the language of the command: rules, parameters, plans, refusals.

Pages say the same from the same values in their own words; needs no application.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from civic_budget.statistics import errors
from civic_budget.statistics import plan as plans
from civic_budget.statistics.attack import Asked, Finding
from civic_budget.statistics.catalogue import Catalogue
from civic_budget.statistics.classes import ClassMap
from civic_budget.statistics.explain import Parameters
from civic_budget.statistics.release import FIRST, Release
from civic_budget.web.terminal import gettext


def tell_release(made: Release, catalogue: Catalogue, folder: str) -> list[str]:
    """What was drawn and written, and what differs from the catalogue as given."""
    lines = [
        gettext(
            "Tables sealed: %(tables)s, cells: %(cells)s, folder: %(folder)s",
            tables=len(made.seals),
            cells=sum(len(sealed.values) for sealed in made.seals),
            folder=folder,
        )
    ]
    for table in catalogue.tables:
        if (lower := made.catalogue.table(table.name).eps) != table.eps:
            lines.append(
                gettext(
                    "%(table)s: ε %(lower)s instead of %(usual)s, because there are few districts",
                    table=table.name,
                    lower=lower,
                    usual=table.eps,
                )
            )
    lines.append(gettext("Rows of their own: %(codes)s", codes=", ".join(made.classes.own())))
    lines += _merged(sorted(made.frame.merged.items()))
    return [*lines, last_seal(made)]


def last_seal(release: Release) -> str:
    """The seal that a quotation cites."""
    return gettext("Last seal: %(seal)s", seal=release.seals[-1].sha256)


def _merged(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [
        gettext(
            "District %(district)s is too small alone and counts with %(label)s.",
            district=district,
            label=label,
        )
        for district, label in pairs
    ]


def tell_rules(asked: Asked, *, with_truth: bool) -> list[str]:
    """Which rules ran and which did not, each with its question, and why not."""
    names = _rule_names()
    lines = [gettext("These rules ran:"), *(f"  {rule}  {names[rule]}" for rule in asked.ran)]
    if asked.left:
        lines.append(gettext("These did not run:"))
        lines += [f"  {rule}  {names[rule]}" for rule in asked.left]
    if asked.is_broken:
        lines.append(gettext("The release is too broken for further rules; mend it first."))
    elif not with_truth:
        lines.append(
            gettext(
                "A3 and A4 need the people themselves (--truth, inside the city, never as a condition "
                "of publishing); without them A5 sees fainter traces."
            )
        )
    lines.append(
        gettext("A6, two worlds that differ in one citizenship, is tested on invented cities.")
    )
    return lines


def _rule_names() -> Mapping[str, str]:
    return {
        "S1": gettext("only tables of the catalogue"),
        "S2": gettext("each table once"),
        "S3": gettext("ε within what the edition has"),
        "S4": gettext("seals and groups follow from each other"),
        "S5": gettext("every file follows from the seals, and no other has citizenships"),
        "A1": gettext("what one number alone gives away"),
        "A2": gettext("linked tables, and the same people through many editions"),
        "A3": gettext("linear programs over everything that is published"),
        "A4": gettext("noise as large as declared, on empty cells too"),
        "A5": gettext("no noise used twice, in two tables or on two days"),
    }


def tell_findings(found: Sequence[Finding]) -> list[str]:
    """Each weakness with its place. The last words are the attack's own, for whoever repairs it."""
    names = _rule_names()
    lines = []
    for one in found:
        cell = f" [{', '.join(one.cell)}]" if one.cell else ""
        place = one.table or gettext("the whole release")
        lines.append(f"{one.rule} {place}{cell}: {names[one.rule]} – {one.detail}")
    if found:
        lines.append(gettext("Findings: %(number)s", number=len(found)))
    return lines


def tell_parameters(about: Parameters) -> list[str]:
    """How the numbers of a release were made, with what was really sealed."""
    lines = [
        gettext("Edition %(edition)s: participation by citizenship", edition=about.edition),
        "",
        gettext(
            "Each number is the true count plus a small random whole number, drawn once when the "
            "table was sealed. It is never drawn again and is not stored anywhere. Nobody can find "
            "out from these figures which citizenship a particular participant has."
        ),
        gettext(
            "The row PL is what remains of the exact public total, so all tables agree with the "
            "official results. People with several citizenships, one of them Polish, count as Polish."
        ),
        "",
    ]
    heads = [
        gettext("Table"),
        gettext("Cells"),
        "ε",
        gettext("Margin, 19 times of 20"),
        gettext("Shown from"),
        gettext("What it counts"),
    ]
    measures = {
        "registered": gettext("Registered residents"),
        "authors": gettext("Authors of proposals"),
        "voters": gettext("Voters"),
    }
    rows = [
        [
            drawn.table,
            str(drawn.cells),
            f"{float(drawn.eps):.3f}",
            f"±{drawn.margin}",
            str(drawn.show_from),
            f"{measures[drawn.measure]}: {', '.join(drawn.dims)}"
            + ("" if drawn.epoch == FIRST else f" ({drawn.epoch})"),
        ]
        for drawn in about.tables
    ]
    return [*lines, *_columns(heads, rows), "", *_limits(about)]


def _limits(about: Parameters) -> list[str]:
    return [
        gettext(
            "Together ε %(spent)s of %(allowed)s; %(left)s is left for a repeated round or a "
            "correction.",
            spent=f"{float(about.poland):.3g}",
            allowed=f"{float(about.allowed):.3g}",
            left=f"{float(about.reserve_left):.3g}",
        ),
        gettext("Rows of their own: %(codes)s", codes=", ".join(about.own) or "–"),
        gettext("Groups follow from: %(source)s", source=about.classes_from),
        gettext(
            "Numbers too small to be told from chance are shown as fewer than a limit, at least "
            "%(limit)s.",
            limit=about.k,
        ),
        *_merged(about.merged),
        gettext("Last seal: %(seal)s", seal=about.head),
    ]


def tell_plan(catalogue: Catalogue, classes: ClassMap, codes: Mapping[str, int]) -> list[str]:
    """What each table costs, and the smallest change that two editions can show of each class."""
    heads = [gettext("Table"), "ε", gettext("Margin of a cell"), gettext("Shown from")]
    prices = [
        [
            table.name,
            f"{float(table.eps):.3f}",
            f"±{catalogue.margin(table.name)}",
            str(catalogue.show_from(table.name)),
        ]
        for table in catalogue.tables
    ]
    spent = sum(float(table.eps) for table in catalogue.tables)
    classes_heads = [
        gettext("Citizenship or region"),
        gettext("Size"),
        gettext("In the city"),
        gettext("In one district"),
        gettext("In one age and sex"),
        gettext("In one week"),
        gettext("Authors of proposals"),
    ]
    rows = [
        [row.cls, *map(str, (row.size, row.city, row.district, row.age_sex, row.week, row.authors))]
        for row in plans.plan(catalogue, classes, codes)
    ]
    return [
        *_columns(heads, prices),
        gettext(
            "Together ε %(spent)s, reserve %(reserve)s, allowed %(allowed)s",
            spent=f"{spent:.3g}",
            reserve=f"{float(catalogue.reserve):.3g}",
            allowed=f"{float(catalogue.eps_edition):.3g}",
        ),
        "",
        gettext("The smallest change of voters, in persons, that chance does not explain:"),
        *_columns(classes_heads, rows),
    ]


def _columns(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in letters of one width: the first column begins at the left, numbers end at the right."""
    wide = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    last = len(heads) - 1

    def line(row: Sequence[str]) -> str:
        cells = [
            cell.ljust(wide[n]) if n == 0 or not _is_number(rows, n) else cell.rjust(wide[n])
            for n, cell in enumerate(row)
        ]
        return "  ".join([*cells[:last], cells[last].rstrip()])

    return [line(row) for row in (heads, *rows)]


def _is_number(rows: Sequence[Sequence[str]], place: int) -> bool:
    return all(row[place].lstrip("±")[:1].isdigit() for row in rows)


def tell_refusal(error: Exception) -> str:
    """Why nothing was done, in the reader's language, then what exactly was wrong."""
    sentences: dict[type[Exception], str] = {
        errors.BadFile: gettext("A file cannot be used as it is; nothing was written."),
        errors.BadPerson: gettext("A record of a person cannot be counted."),
        errors.DuplicatePerson: gettext("A record of a person cannot be counted."),
        errors.BadCatalogue: gettext("The catalogue of tables contradicts itself."),
        errors.AlreadySealed: gettext("This is drawn already, and there is no second draw."),
        errors.TooEarly: gettext("The votes are not opened yet, so nobody can be counted."),
        errors.TooLate: gettext("The round is final, so it is no longer known who took part."),
        errors.BudgetExceeded: gettext("This would spend more ε than the edition has."),
        errors.ArchiveDisagrees: gettext(
            "The archive outside the database tells another history. Nothing is drawn until somebody "
            "has looked."
        ),
        errors.BrokenChain: gettext("A seal does not match its content."),
    }
    sentence = sentences.get(type(error))
    return f"{sentence} ({error})" if sentence else str(error)
