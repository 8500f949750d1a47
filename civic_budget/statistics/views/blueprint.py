"""The blueprints of the statistics' pages; open data has addresses without a language."""

from flask import Blueprint

statistics = Blueprint("statistics", __name__)
open_data = Blueprint("participation_data", __name__)
