"""Ideas that residents submit: drafts, texts in several languages, costs, the public catalogue."""
