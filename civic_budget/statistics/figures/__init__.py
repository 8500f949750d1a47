"""What pages show of a publication: drawings, findings in words, table twins. Reads sealed sums only."""

from civic_budget.statistics.figures.ages import age_figures
from civic_budget.statistics.figures.editions import comparison_figures
from civic_budget.statistics.figures.groups import (
    channel_figures,
    proposed_figures,
    rate_figures,
    registered_figures,
    voted_figures,
)
from civic_budget.statistics.figures.pairs import pair_figures
from civic_budget.statistics.figures.parts import Figure, Reading
from civic_budget.statistics.figures.places import district_figures
from civic_budget.statistics.figures.times import day_figures

__all__ = [
    "Figure",
    "Reading",
    "age_figures",
    "channel_figures",
    "comparison_figures",
    "day_figures",
    "district_figures",
    "pair_figures",
    "proposed_figures",
    "rate_figures",
    "registered_figures",
    "voted_figures",
]
