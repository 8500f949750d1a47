"""Reading and writing Pabulib `.pb` files: a codec, plain Python.

It knows sections, columns, money and line numbers. It must not know any rule that chooses winners.
"""

from civic_budget.pabulib.errors import PbError
from civic_budget.pabulib.model import PbCounted, PbElection, PbFile, ProjectRow, VoteRow, VoteType
from civic_budget.pabulib.money import format_money, parse_money
from civic_budget.pabulib.reader import parse, read, read_counted
from civic_budget.pabulib.writer import render, write

__all__ = [
    "PbCounted",
    "PbElection",
    "PbError",
    "PbFile",
    "ProjectRow",
    "VoteRow",
    "VoteType",
    "format_money",
    "parse",
    "parse_money",
    "read",
    "read_counted",
    "render",
    "write",
]
