"""What is printed for a vote: protocols to be signed, numbered cards, identity slips, procedures."""
