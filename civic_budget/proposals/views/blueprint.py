"""The room's one blueprint, so that its pages may live in several files."""

from __future__ import annotations

from flask import Blueprint

proposals = Blueprint("proposals", __name__)
