"""News of editions and proposals: who follows what, letters to them, Atom feeds. All of it is public anyway."""
