"""The blueprint of residence: modules of pages add their views to it."""

from __future__ import annotations

from flask import Blueprint

residency = Blueprint("residency", __name__)
