"""The office's judgement of proposals: checklists, assignment, decisions with public words, appeals."""
