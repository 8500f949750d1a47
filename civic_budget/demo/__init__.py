"""The demo city: a database filled through the services so that a chosen phase is now, then served.

Starts with `python -m civic_budget.demo`. Everybody in it is invented; nothing leaves the machine.
"""
