"""The public bulletin (BIP): packages are put together, checked for personal data, released, downloaded."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.assessment import service
from civic_budget.assessment.bulletin import Document, pack
from civic_budget.assessment.forms import PackageForm
from civic_budget.assessment.labels import PACKAGE_NAMES, SUSPICION_NAMES, say_refusal
from civic_budget.assessment.queries import (
    PackageFacts,
    get_act,
    get_package,
    list_acts,
    list_packages,
)
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.bulletin_documents import act_documents, list_documents
from civic_budget.assessment.views.desk import attempt
from civic_budget.editions.queries import (
    EditionFacts,
    get_current_edition,
    get_edition,
    get_edition_by_slug,
)
from civic_budget.kernel.errors import DomainError
from civic_budget.web.access import Audience, access
from civic_budget.web.cleaning import sent_number
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.printing import render_pdf

AROUND = 60


@assessment.route("/office/bulletin", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def office_bulletin() -> ResponseReturnValue:
    """The packages so far, and a form to put one more together."""
    edition = get_current_edition(reading(), at=now())
    form = PackageForm()
    form.what.choices = [
        SelectChoice("verdicts", PACKAGE_NAMES["verdicts"]),
        SelectChoice("ballot", PACKAGE_NAMES["ballot"]),
        *(
            SelectChoice(str(act.id), f"{PACKAGE_NAMES['act']} {act.number}")
            for act in list_acts(reading(), edition.id)
        ),
    ]
    if form.validate_on_submit():
        package_id = attempt(form, _prepare, form.what.data, edition)
        if package_id is not None:
            return redirect(url_for("assessment.package_desk", package_id=package_id))
    return render_template(
        "assessment/bulletin_office.html",
        edition=edition,
        form=form,
        packages=list_packages(reading(), edition.id),
        package_names=PACKAGE_NAMES,
    )


def _prepare(what: str, edition: EditionFacts) -> UUID:
    # The bulletin is in Polish, whatever language the officer reads.
    with force_locale("pl"):
        if what in PACKAGE_NAMES:
            act_id, kind, documents = None, what, list_documents(what, edition)
        else:
            act_id, kind = UUID(what), "act"
            documents = act_documents(get_act(reading(), act_id))
    with writing() as work:
        return service.prepare_package(
            work,
            actor(),
            edition_id=edition.id,
            kind=kind,
            documents=documents,
            act_id=act_id,
            at=now(),
        )


@assessment.route("/office/bulletin/<uuid:package_id>", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def package_desk(package_id: UUID) -> ResponseReturnValue:
    """Every place that may be personal data, with the words around it; then the release."""
    package = get_package(reading(), package_id)
    if request.method == "POST":
        return _do(package)
    places = [
        (number, one, *_around(package.documents[one.document], one.row, one.column, one.place))
        for number, one in enumerate(package.findings)
    ]
    return render_template(
        "assessment/package.html",
        package=package,
        name=PACKAGE_NAMES[package.kind],
        places=places,
        suspicion_names=SUSPICION_NAMES,
    )


def _around(document: Document, row: int, column: int, place: object) -> tuple[str, str, str]:
    cell = document.rows[row][column]
    start, end = getattr(place, "start", 0), getattr(place, "end", 0)
    return cell[max(0, start - AROUND) : start], cell[start:end], cell[end : end + AROUND]


def _do(package: PackageFacts) -> ResponseReturnValue:
    """Decide one place, release, or throw away."""
    deed, said = request.form.get("deed", ""), request.form
    here = redirect(url_for("assessment.package_desk", package_id=package.id))
    number = sent_number("number")  # the first is 0
    try:
        with writing() as work:
            if deed == "decide":
                service.decide_finding(
                    work,
                    actor(),
                    package_id=package.id,
                    number=-1 if number is None else number,
                    is_covered=said.get("cover") == "yes",
                )
            elif deed == "release":
                service.release_package(work, actor(), package_id=package.id, at=now())
            elif deed == "discard":
                service.discard_package(work, actor(), package_id=package.id)
                here = redirect(url_for("assessment.office_bulletin"))
    except DomainError as error:
        flash(say_refusal(error), "warning")
    except ValueError:
        abort(400)
    else:
        if deed == "release":
            flash(gettext("The package is public."), "success")
    return here


@assessment.get("/editions/<slug>/bulletin")
@access(Audience.PUBLIC)
def bulletin(slug: str) -> ResponseReturnValue:
    """The released packages of an edition."""
    edition = get_edition_by_slug(reading(), slug)
    return render_template(
        "assessment/bulletin.html",
        edition=edition,
        packages=list_packages(reading(), edition.id, only_released=True),
        package_names=PACKAGE_NAMES,
    )


@assessment.get("/bulletin/<uuid:package_id>.zip")
@access(Audience.PUBLIC)
def package_file(package_id: UUID) -> ResponseReturnValue:
    """A released package: accessible HTML and PDF of each document, and the manifest with hashes."""
    package = get_package(reading(), package_id)
    if package.released_at is None:
        abort(404)
    with force_locale("pl"):
        files = _files(package)
        about = {
            "edition": get_edition(reading(), package.edition_id).name("pl"),
            "package": str(PACKAGE_NAMES[package.kind]),
            "released_at": package.released_at.isoformat(),
            "documents_sha256": package.hash,
        }
    answer = Response(pack(files, about), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="bip-{package_id}.zip"'
    return answer


def _files(package: PackageFacts) -> dict[str, bytes]:
    edition = get_edition(reading(), package.edition_id).name("pl")
    files = {}
    for document in package.documents:
        page = render_template(
            "assessment/bulletin_document.html", document=document, edition_name=edition
        )
        files[f"{document.name}.html"] = page.encode()
        files[f"{document.name}.pdf"] = render_pdf(
            "bulletin_list",
            {
                "lang": "pl",
                "title": document.title,
                "edition": edition,
                "header": list(document.header),
                "rows": [list(row) for row in document.rows],
            },
        )
    return files
