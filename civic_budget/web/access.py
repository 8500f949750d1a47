"""Doors: every view says who may enter; a view that nobody marked answers 403.

The signed-in account comes from Flask-Login; what an audience needs is decided here, what somebody may
*do* is decided by each room's policy.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civic_budget.kernel.actor import Role

View = TypeVar("View", bound=Callable[..., Any])


class Audience(Enum):
    """Who may enter: everybody, whoever signed in, residents, or staff with one of the roles.

    HALF_SIGNED_IN is for the way to the second factor; every other door asks staff for both factors.
    """

    PUBLIC = frozenset[Role]()
    HALF_SIGNED_IN = frozenset({"half-signed-in"})
    SIGNED_IN = frozenset({"signed-in"})
    RESIDENT = frozenset({"resident"})
    STAFF = frozenset(Role)
    OFFICER = frozenset({Role.OFFICER})
    DESK = frozenset({Role.DESK, Role.OFFICER})
    HELPDESK = frozenset({Role.HELPDESK, Role.DESK, Role.OFFICER})
    ASSESSOR = frozenset({Role.ASSESSOR, Role.COORDINATOR})
    COORDINATOR = frozenset({Role.COORDINATOR})
    EDITOR = frozenset({Role.EDITOR, Role.COORDINATOR})
    ANALYST = frozenset({Role.ANALYST})
    COMMISSION = frozenset({Role.COMMISSION})
    CLERK = frozenset({Role.CLERK, Role.COMMISSION})
    PAPER_PROPOSALS = frozenset({Role.OFFICER, Role.COORDINATOR})
    ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
    SETTINGS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
    OFFICE_FIGURES = frozenset({Role.OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR})
    DRAW_AUDITORS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.COMMISSION})

    @property
    def is_staff(self) -> bool:
        """Whether a staff role and its second factor are needed."""
        return self not in {
            Audience.PUBLIC,
            Audience.HALF_SIGNED_IN,
            Audience.SIGNED_IN,
            Audience.RESIDENT,
        }


def access(audience: Audience) -> Callable[[View], View]:
    """Mark a view with its audience."""

    def mark(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]
        return view

    return mark


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """The audience of an endpoint; None when nobody marked it (then it is closed)."""
    if endpoint == "static":
        return Audience.PUBLIC
    return getattr(app.view_functions.get(endpoint), "audience", None)


def guard_doors(app: Flask) -> None:
    """Check the audience before every view."""
    app.before_request(lambda: _check(app))


def _check(app: Flask) -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # 404 answers for itself
    audience = audience_of(app, request.endpoint)
    if audience is Audience.PUBLIC:
        return None
    if audience is None:
        abort(403)
    viewer = current_user._get_current_object()
    if not viewer.is_authenticated:
        return redirect(url_for("accounts.sign_in", next=request.full_path))
    if audience is Audience.HALF_SIGNED_IN:
        return None
    if audience.is_staff and viewer.roles.isdisjoint(audience.value):
        abort(403)
    if audience is Audience.RESIDENT and viewer.roles:
        abort(403)
    if viewer.roles and not viewer.has_second_factor:
        return redirect(url_for("accounts.second_factor", next=request.full_path))
    return None
