"""Fills an empty database with the demo city: dated deeds through the services, never rows by hand."""
