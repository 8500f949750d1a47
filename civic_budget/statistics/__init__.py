"""Participation by nationality: a closed set of tables, each cell with random noise drawn once.

`release` seals the tables, `publish` reads them, `attack` tries to break them; `files` and
`commands` do the same on plain files. Nothing here knows Flask pages, sessions or a database:
whoever stores the seals provides a `ledger.Ledger`.
"""
