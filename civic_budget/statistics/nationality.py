"""The public list of nationality codes, its regions, and the one nationality a person counts under.

Plain knowledge: must not know persons, tables or files.
"""

from __future__ import annotations

from collections.abc import Iterable

POLISH = "PL"
STATELESS = "XX"
UNKNOWN = "ZZ"


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# ISO 3166-1 alpha-2 (249 codes) and XK (Kosovo), cut into regions that never overlap.
REGIONS: dict[str, tuple[str, ...]] = {
    "eu-efta": _codes(
        "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE"
        " SI SK AX"
    ),
    "other-europe": _codes("AD AL BA BY FO GB GG GI IM JE MC MD ME MK RS RU SJ SM UA VA XK"),
    "caucasus-central-asia": _codes("AM AZ GE KG KZ MN TJ TM UZ"),
    "middle-east-north-africa": _codes(
        "AE BH DZ EG EH IL IQ IR JO KW LB LY MA OM PS QA SA SD SY TN TR YE"
    ),
    "sub-saharan-africa": _codes(
        "AO BF BI BJ BW CD CF CG CI CM CV DJ ER ET GA GH GM GN GQ GW KE KM LR LS MG ML MR MU MW MZ"
        " NA NE NG RE RW SC SH SL SN SO SS ST SZ TD TG TZ UG YT ZA ZM ZW"
    ),
    "south-east-asia": _codes(
        "AF BD BN BT CN HK ID IN JP KH KP KR LA LK MM MO MV MY NP PH PK SG TH TL TW VN"
    ),
    "americas-oceania": _codes(
        "AG AI AQ AR AS AU AW BB BL BM BO BQ BR BS BV BZ CA CC CK CL CO CR CU CW CX DM DO EC FJ FK"
        " FM GD GF GL GP GS GT GU GY HM HN HT IO JM KI KN KY LC MF MH MP MQ MS MX NC NF NI NR NU NZ"
        " PA PE PF PG PM PN PR PW PY SB SR SV SX TC TF TK TO TT TV UM US UY VC VE VG VI VU WF"
        " WS"
    ),
    "stateless-unknown": (STATELESS, UNKNOWN),
}

REGION_OF: dict[str, str] = {code: region for region, codes in REGIONS.items() for code in codes}
CODES: tuple[str, ...] = tuple(sorted(REGION_OF))
EU_EFTA = frozenset(REGIONS["eu-efta"])


def statistical_nationality(declared: Iterable[str]) -> str:
    """The single nationality under which a person is counted.

    Poland if it is among the declared ones; otherwise the first one of the EU or EFTA; otherwise
    the first declared; nobody declared: unknown (ZZ). Raises ValueError for a code off the list.
    One person has exactly one, so each stands in at most one cell of a table.
    """
    codes = tuple(declared)
    for code in codes:
        if code not in REGION_OF:
            raise ValueError(f"{code!r} is not a nationality code")
    known = [code for code in codes if code != UNKNOWN]
    if POLISH in known:
        return POLISH
    european = [code for code in known if code in EU_EFTA]
    return next(iter(european or known), UNKNOWN)
