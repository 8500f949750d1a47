"""The blueprint of results: modules of pages add their views to it."""

from __future__ import annotations

from flask import Blueprint

results = Blueprint("results", __name__)
