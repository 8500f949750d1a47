"""Persons, proof of residence, officers' decisions, duplicates, guardians, evidence files."""
