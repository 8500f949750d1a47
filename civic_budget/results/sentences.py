"""What the commands of this room say to people, in one place, ready for translation.

It must not decide anything; values come in ready to print.
"""

from collections.abc import Mapping, Sequence

VERDICTS: Mapping[str, str] = {
    "equal": "winners equal",
    "differ": "winners differ",
    "unstated": "the file states none",
}

OUTCOMES: Mapping[str, str] = {
    "selected": "selected",
    "topped_up": "selected, topped up from the reserve",
    "restored": "selected later, with money left over elsewhere",
    "no_money": "not enough money left",
    "below_threshold": "too little support",
    "excluded": "excluded by {project}",
    "withdrawn": "withdrawn",
    "not_reached": "not reached",
    "undecided": "undecided: a draw is needed",
}

DRAW_NEEDED = (
    "A draw is needed between {projects}. Publish this hash of the frozen list first: "
    "{commitment}. The seed then comes from: {event}."
)
DRAW_MADE = "Drawn with the seed “{seed}” over the list {commitment}: {order}."
UNREADABLE = "{file}: {reason}"
TWO_RULES = "--preset and --rule exclude each other"
NO_FILES = "There is no .pb file in {path}."
ONLY_IN_FILE = "won in the file, not here: {projects}"
FUNDED_OTHERWISE = "of these paid from other money (marked 2 or 3 in the file): {projects}"
ONLY_HERE = "won here, not in the file: {projects}"
POINTS_DIFFER = "points differ from the file's: {projects}"
VOTES_DIFFER = "votes differ from the file's: {projects}"
TOTAL = (
    "{files} files: {equal} equal, {differ} differ, {unstated} state no winners, {bad} unreadable"
)
SPENT = "Spent {spent} of {budget}, left {left}; {winners} of {projects} projects, {voters} ballots"


ADD1_STEP = "Add1 gave every voter {step} more at a time."
DRAW_FIRST = "a draw is needed first"
MARGIN_EXACT = "Removing {upper} ballots could change the winners, fewer could not ({projects})."
MARGIN_BOUNDS = (
    "Removing {upper} ballots could change the winners ({projects}); fewer than {lower} could not; "
    "in between it is open."
)
MARGIN_NONE = (
    "No removal that was tried changes the winners; fewer than {lower} ballots certainly could not."
)
STABILITY = "In {rounds} elections resampled from the same ballots all winners stayed in {same}."
WINS_NOW = "  {project} wins and would have won {times} of {rounds} times"
LOSES_NOW = "  {project} does not win but would have won {times} of {rounds} times"


def money(grosze: int) -> str:
    """An amount with thousands apart and two decimals."""
    sign = "-" if grosze < 0 else ""
    whole, part = divmod(abs(grosze), 100)
    return f"{sign}{whole:,}.{part:02d}".replace(",", "\u00a0")


def table(rows: Sequence[tuple[str, ...]], *, right: frozenset[int] = frozenset()) -> str:
    """Rows (the first is the head) as aligned columns; `right` names columns of numbers."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(widths[column]) if column in right else cell.ljust(widths[column])
            for column, cell in enumerate(row)
        ).rstrip()
        for row in rows
    )
