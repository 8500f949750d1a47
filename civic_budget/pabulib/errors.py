"""What can be wrong with a `.pb` file: a code, a line and values, so that words translate.

It must not know where the file came from or who reads the message.
"""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "not_utf8": "the text is not UTF-8",
    "bad_quoting": "the quoting is broken or the file ends inside a quoted cell ({detail})",
    "text_before_section": "the file must begin with the section META, found “{found}”",
    "unknown_section_order": "the section {section} is out of place",
    "section_missing": "the file ends before the section {section}",
    "header_missing": "the section {section} has no line with column names",
    "column_missing": "the section {section} lacks the column “{column}”",
    "column_twice": "the column “{column}” is named twice",
    "cell_count": "the line has {found} cells where the header names {expected}",
    "meta_value_missing": "the key “{key}” has no value",
    "meta_key_twice": "the key “{key}” is given twice",
    "meta_key_missing": "META lacks the key “{key}”",
    "bad_money": "“{value}” in “{column}” is not an amount of money",
    "bad_number": "“{value}” in “{column}” is not a whole number",
    "bad_vote_type": "the vote type “{value}” is unknown",
    "project_twice": "the project “{project}” is listed twice",
    "project_id_empty": "the project has no number",
    "voter_twice": "the voter “{voter}” is listed twice",
    "unknown_project": "the vote names the project “{project}”, which is not listed",
    "project_twice_in_vote": "the vote names the project “{project}” twice",
    "points_count": "the vote names {picks} projects but gives {points} points",
    "projects_count": "META promises {expected} projects, the file holds {found}",
    "votes_count": "META promises {expected} votes, the file holds {found}",
    "unreadable": "the file cannot be read ({detail})",
}


class PbError(ValueError):
    """A `.pb` file that cannot be understood, with the place and the reason.

    `code` is a key of `REASONS`, `line` counts from 1 in the file as an editor shows it,
    `values` fill the sentence.
    """

    def __init__(self, code: str, line: int, **values: str | int) -> None:
        self.code = code
        self.line = line
        self.values = dict(values)
        super().__init__(f"line {line}: {REASONS[code].format(**self.values)}")
