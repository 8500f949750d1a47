"""How many pictures and attachments a proposal may have, and how they are described. Plain Python."""

MOST_PICTURES = 5
MOST_ATTACHMENTS = 5
SHORTEST_ALT = 10
LONGEST_ALT = 300
LONGEST_TITLE = 120
LONGEST_SIDE = 1600
