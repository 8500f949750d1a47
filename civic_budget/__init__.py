"""A participatory-budgeting platform for everyone who lives in the city, with or without a PESEL.

The map of the house, from the ground up:

``kernel`` plain Python that every room speaks · ``storage`` databases, outbox, audit, evidence vault ·
``web`` the Flask kit · ``pabulib`` the .pb codec · ``selection`` the winner rules ·
``accounts`` who signs in · ``city`` districts, streets, assistance points · ``editions`` the yearly
round · ``residency`` persons and proof of residence · ``proposals`` ideas that people submit ·
``assessment`` what the city says of them · ``voting`` sealed ballots · ``results`` winners explained ·
``statistics`` participation by nationality · ``notifications`` what people are told ·
``news`` who follows what · ``demo`` a city to try all of it in.

A room imports only rooms named before it; ``wiring`` says which event wakes which handler,
``app`` puts the rooms together, ``cli`` hands them to the terminal.
"""

__version__ = "0.1.0"
