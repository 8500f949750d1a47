"""Plain Python that every room speaks: actors, decisions, workflows, events, errors, money, keys."""
