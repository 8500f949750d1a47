"""Databases, column types, outbox, audit trail, schedule, evidence vault. Knows no room and no Flask."""
