"""The blueprint of voting: modules of pages add their views to it."""

from __future__ import annotations

from flask import Blueprint

voting = Blueprint("voting", __name__)
