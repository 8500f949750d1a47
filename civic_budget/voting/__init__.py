"""Secret ballots that anyone can check: sealed envelopes, paper, opening, public board.

The plain-Python core (`choice`, `keys`, `keyfiles`, `sealing`, `codes`, `merkle`, `nightly`,
`opening`, `board`) follows docs/voting.md byte for byte; it knows neither Flask nor a database.
"""
