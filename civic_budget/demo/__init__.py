"""The demonstration city: its content and the deeds that replay it into a fresh database."""
