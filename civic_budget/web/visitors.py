"""Where a request comes from, as far as it may be counted. It is never stored as it is."""

from __future__ import annotations

from ipaddress import ip_address

from flask import request


def visitor_address() -> str | None:
    """The visitor's public address: a whole network for IPv6, where one person has many."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return None
    if not address.is_global:
        return None
    return address.exploded[:19] if address.version == 6 else str(address)
