"""Where a press on "cast" came from, as coarse as the window's signals need: a network, a device.

Only a keyed value of the day is kept with the participation, and it goes when the round is final. The
device's cookie says nothing of a person; it only tells that two votes came from one browser.
"""

from __future__ import annotations

import secrets as random
from datetime import timedelta
from ipaddress import ip_address, ip_network

from flask import Response, request

from civic_budget.voting.service import Traces
from civic_budget.web.current import settings

COOKIE = "device"
KEPT_FOR = timedelta(days=60)
LONGEST = 64


def read_traces() -> Traces:
    """The network and device of this request; empty parts where there is nothing to tell."""
    return Traces(network_of(request.remote_addr or ""), request.cookies.get(COOKIE, "")[:LONGEST])


def network_of(address: str) -> str:
    """An IPv4 address as it is, an IPv6 one as the 64 bits that a household has; else empty."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return address if found.version == 4 else str(ip_network((found, 64), strict=False))


def know_device(response: Response) -> None:
    """Give the browser a random name before the first vote that is cast with it."""
    if not request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE,
            random.token_urlsafe(16),
            max_age=KEPT_FOR,
            httponly=True,
            samesite="Lax",
            secure=settings().public_url.startswith("https://"),
        )
