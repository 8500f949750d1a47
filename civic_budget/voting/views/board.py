"""stub"""

from civic_budget.voting.views.blueprint import voting
from civic_budget.web.access import Audience, access


@voting.get("/editions/<slug>/board")
@access(Audience.PUBLIC)
def board(slug: str) -> str:
    return slug
