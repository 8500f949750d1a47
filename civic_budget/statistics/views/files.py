"""The files of a release at stable addresses without a language: never changed, cacheable for ever."""

from __future__ import annotations

import json
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from civic_budget.config import LANGUAGES
from civic_budget.editions.queries import EditionFacts
from civic_budget.kernel.errors import NotFound
from civic_budget.statistics.dcat import dataset
from civic_budget.statistics.files import RELEASE
from civic_budget.statistics.metadata import table_json, table_metadata
from civic_budget.statistics.queries import (
    ReleaseFacts,
    find_release,
    get_file,
    get_publication,
    get_published_edition,
)
from civic_budget.statistics.views.blueprint import open_data
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading, settings

DCAT = "dcat.jsonld"
FOREVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
"""The entry names publisher and licence, which the city may change; the sealed files never change."""


@open_data.get("/open-data/participation/<slug>/<name>")
@access(Audience.PUBLIC)
def file(slug: str, name: str) -> ResponseReturnValue:
    """A file of the release, a table as JSON, or a table's CSVW metadata; 404 under the embargo."""
    edition = get_published_edition(reading(), slug, at=now())
    release = find_release(reading(), edition.id)
    assert release is not None
    if name == DCAT:
        content, kind = _catalogue_entry(edition, release), "application/ld+json"
    else:
        content, kind = _content(edition.id, name)
    response = Response(content, mimetype=kind)
    response.headers["Cache-Control"] = A_DAY if name == DCAT else FOREVER
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{name}"'
    if name == DCAT:
        response.add_etag()
    else:
        response.set_etag(f"{release.head}-{name}")
    return response.make_conditional(request)


def _catalogue_entry(edition: EditionFacts, release: ReleaseFacts) -> str:
    """Addresses are whole ones, so that the entry can be read from anywhere."""
    publication = get_publication(reading(), edition.id)
    digests = json.loads(get_file(reading(), edition.id, RELEASE))["files"]
    titles, descriptions = {}, {}
    for language in LANGUAGES:
        with force_locale(language):
            titles[language] = (
                f"{gettext('Participation by citizenship')}: {edition.name(language)}"
            )
            descriptions[language] = gettext(
                "Who registered, proposed and voted. Nobody can find out from these figures which "
                "citizenship a particular participant has."
            )
    entry = dataset(
        publication,
        titles=titles,
        descriptions=descriptions,
        publisher=settings().data_publisher or urlsplit(settings().public_url).netloc,
        licence=settings().data_licence,
        page=_outward(url_for("statistics.overview", lang="pl", slug=edition.slug)),
        issued=release.sealed_at,
        digests=digests,
        address=lambda file: _outward(url_for(".file", slug=edition.slug, name=file)),
    )
    return json.dumps(entry, indent=1, ensure_ascii=False)


def _outward(path: str) -> str:
    return settings().public_url.rstrip("/") + path


def _content(edition_id: UUID, name: str) -> tuple[str, str]:
    try:
        kind = "application/json" if name.endswith(".json") else "text/csv"
        return get_file(reading(), edition_id, name), kind
    except NotFound:
        publication = get_publication(reading(), edition_id)
        tables = {table.name for table in publication.tables}
        table, _dot, ending = name.partition(".")
        if table in tables and ending == "json":
            return json.dumps(table_json(publication, table), indent=1), "application/json"
        if table in tables and ending == "csv-metadata.json":
            return json.dumps(table_metadata(publication, table), indent=1), "application/csvm+json"
        raise
