"""The blueprint that all pages of editions share."""

from __future__ import annotations

from flask import Blueprint

editions = Blueprint("editions", __name__)
