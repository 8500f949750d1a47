"""Pages of news: follow, subscribe, confirm, stop; the news of an edition to read; feeds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.attempts import DAY, count_try
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import EditionFacts, get_edition, get_edition_by_slug
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.errors import DomainError, NotFound
from civic_budget.news import service
from civic_budget.news.feeds import Entry, Feed, write_feed
from civic_budget.news.forms import EditionNewsForm, PressForm, ProposalNewsForm
from civic_budget.news.gathering import NewsItem, gather_news
from civic_budget.news.labels import say_news, say_refusal
from civic_budget.news.queries import find_asked, is_following, list_followed
from civic_budget.news.rules import (
    ASKED_AT_AN_ADDRESS_A_DAY,
    ASKED_FOR_A_CONTACT_A_DAY,
    CONFIRM_WITHIN,
    Subject,
)
from civic_budget.proposals.labels import STATE_KINDS, STATE_NAMES, say_scope
from civic_budget.proposals.queries import (
    ProposalFacts,
    Window,
    get_proposal,
    proposals_among,
)
from civic_budget.proposals.rules import PUBLIC_STATES
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.forms import anonymous
from civic_budget.web.locale import current_language
from civic_budget.web.visitors import visitor_address

news = Blueprint("news", __name__)
blueprints = (news,)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SHOWN = 50
IN_A_FEED = 50
FEED_TYPE = "application/atom+xml"


@news.app_context_processor
def offer_helpers() -> dict[str, Any]:
    """What pages of other rooms and letters ask: what happened in words, whether the reader follows."""
    return {"say_news": say_news, "is_following": _is_following}


def _is_following(proposal_id: UUID) -> bool:
    account_id = actor().account_id
    return account_id is not None and is_following(reading(), account_id, proposal_id)


@news.post("/proposals/<uuid:proposal_id>/follow")
@access(Audience.RESIDENT)
def follow(proposal_id: UUID) -> ResponseReturnValue:
    """Follow a proposal with one click."""
    try:
        with writing() as work:
            service.follow_proposal(work, actor(), proposal_id=proposal_id, at=now())
    except NotFound:
        raise
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("You follow it now. You hear of every change."), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id))


@news.post("/proposals/<uuid:proposal_id>/unfollow")
@access(Audience.RESIDENT)
def unfollow(proposal_id: UUID) -> ResponseReturnValue:
    """Follow it no longer; back to the page where the button was."""
    with writing() as work:
        service.unfollow_proposal(work, actor(), proposal_id=proposal_id)
    flash(gettext("You do not follow it any more."), "success")
    if request.form.get("from") == "list":
        return redirect(url_for("news.followed"))
    return redirect(url_for("proposals.show", proposal_id=proposal_id))


@news.get("/my-follows")
@access(Audience.RESIDENT)
def followed() -> ResponseReturnValue:
    """The proposals that a resident follows, each with a button to stop."""
    account_id = actor().account_id
    assert account_id is not None
    ids = list_followed(reading(), account_id)
    known = proposals_among(reading(), ids)
    return render_template(
        "news/followed.html",
        rows=[(known[i], known[i].best_words(current_language())) for i in ids if i in known],
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
    )


@news.route("/proposals/<uuid:proposal_id>/subscribe", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def subscribe(proposal_id: UUID) -> ResponseReturnValue:
    """Ask for the news of one proposal by e-mail."""
    proposal = _public(proposal_id)
    form = ProposalNewsForm()
    subject = Subject(proposal.edition_id, proposal_id=proposal_id)
    if form.validate_on_submit() and _ask(form, subject):
        return redirect(url_for("news.asked"))
    return render_template(
        "news/subscribe.html",
        form=form,
        proposal=proposal,
        words=proposal.best_words(current_language()),
    )


@news.route("/editions/<slug>/news", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def edition_news(slug: str) -> ResponseReturnValue:
    """The latest news of an edition or of one pool; ask for them by e-mail."""
    edition = _real_edition(slug)
    scope = _scope_of(edition, request.args.get("scope", ""))
    names = district_names(reading())
    scopes = [(pool.scope, say_scope(pool.scope, names)) for pool in edition.pools]
    form = EditionNewsForm(data={"scope": scope})
    form.scope.choices = [("", gettext("Everything about this edition")), *scopes]
    if form.validate_on_submit() and _ask(form, Subject(edition.id, form.scope.data or "")):
        return redirect(url_for("news.asked"))
    window = Window(LONG_AGO, now(), scope=scope, most=SHOWN)
    return render_template(
        "news/edition.html",
        edition=edition,
        form=form,
        scope=scope,
        scopes=scopes,
        scope_name=dict(scopes).get(scope, ""),
        items=gather_news(reading(), edition, window),
    )


@news.get("/news/asked")
@access(Audience.PUBLIC)
def asked() -> ResponseReturnValue:
    """The same for everybody, whether the address was known or not."""
    return render_template("news/asked.html", days=CONFIRM_WITHIN.days)


@news.route("/news/confirm/<token>", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def confirm(token: str) -> ResponseReturnValue:
    """A press confirms: programs that only open links of letters confirm nothing."""
    if PressForm().validate_on_submit():
        try:
            with writing() as work:
                service.confirm_news(work, token=token, at=now())
        except NotFound:
            pass  # the page says so
        else:
            return redirect(url_for("news.confirmed"))
    found = find_asked(reading(), token, not_before=now() - CONFIRM_WITHIN)
    return render_template("news/confirm.html", found=found)


@news.get("/news/confirmed")
@access(Audience.PUBLIC)
def confirmed() -> ResponseReturnValue:
    """It is done."""
    return render_template("news/confirmed.html")


@news.route("/news/stop/<token>", methods=["GET", "POST"])
@access(Audience.PUBLIC)
@anonymous
def stop(token: str) -> ResponseReturnValue:
    """End the news: by a press, or by the mail program's own button (RFC 8058), without a cookie."""
    if request.method == "POST":
        with writing() as work:
            service.stop_news(work, token=token)
        return render_template("news/stopped.html")
    return render_template("news/stop.html", token=token)


@news.get("/editions/<slug>/news.atom")
@access(Audience.PUBLIC)
def edition_feed(slug: str) -> ResponseReturnValue:
    """The news of an edition, or with `scope` of one pool, as Atom."""
    edition = _real_edition(slug)
    scope = _scope_of(edition, request.args.get("scope", ""))
    place = say_scope(scope, district_names(reading())) if scope else ""
    title = f"{edition.name(current_language())}: {place}" if scope else ""
    return _feed(
        edition,
        Window(LONG_AGO, now(), scope=scope, most=IN_A_FEED),
        key=f"edition/{edition.id}/{scope}".rstrip("/"),
        title=title or edition.name(current_language()),
        url=url_for("news.edition_news", slug=slug, scope=scope or None, _external=True),
    )


@news.get("/proposals/<uuid:proposal_id>/news.atom")
@access(Audience.PUBLIC)
def proposal_feed(proposal_id: UUID) -> ResponseReturnValue:
    """What happens to one proposal, as Atom."""
    proposal = _public(proposal_id)
    title = proposal.best_words(current_language()).title
    return _feed(
        get_edition(reading(), proposal.edition_id),
        Window(LONG_AGO, now(), proposal_id=proposal_id, most=IN_A_FEED),
        key=f"proposal/{proposal_id}",
        title=f"{proposal.reference}: {title}",
        url=url_for("proposals.show", proposal_id=proposal_id, _external=True),
    )


def _feed(
    edition: EditionFacts, window: Window, *, key: str, title: str, url: str
) -> ResponseReturnValue:
    language = current_language()
    document = write_feed(
        Feed(
            key=key,
            language=language,
            host=urlsplit(settings().public_url).hostname or "localhost",
            title=title,
            author=gettext("The civic budget office"),
            url=url,
            self_url=request.url,
            begun_at=edition.moment_of(Milestone.SUBMISSION_OPENS),
            entries=[_entry(one, edition) for one in gather_news(reading(), edition, window)],
        )
    )
    response = Response(document, mimetype=FEED_TYPE)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return response.make_conditional(request)


def _entry(one: NewsItem, edition: EditionFacts) -> Entry:
    said = say_news(one.kind, one.code)
    title, _language = one.title(current_language())
    if one.proposal is None:
        heading, url = said, url_for("news.edition_news", slug=edition.slug, _external=True)
    else:
        heading = f"{one.proposal.reference} {title}: {said}"
        url = url_for("proposals.show", proposal_id=one.proposal.id, _external=True)
    return Entry(
        key=one.key,
        title=heading,
        url=url,
        published_at=one.at,
        updated_at=one.updated_at,
        summary=one.said(current_language())[0],
        category=f"{one.kind}.{one.code}".rstrip("."),
    )


def _ask(form: ProposalNewsForm, subject: Subject) -> bool:
    """Send the letter; what is counted is counted alike for known and unknown addresses."""
    try:
        contact = service.read_email(form.contact.data or "")
        _count(contact.address)
        with writing() as work:
            service.ask_for_news(
                work,
                subject=subject,
                address=contact.address,
                language=current_language(),
                at=now(),
            )
    except NotFound:
        raise
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return False
    return True


def _count(address: str) -> None:
    limits = (
        (address, ASKED_FOR_A_CONTACT_A_DAY),
        (visitor_address(), ASKED_AT_AN_ADDRESS_A_DAY),
    )
    with writing() as work:
        for subject, limit in limits:
            if subject:
                count_try(
                    work,
                    "news",
                    subject,
                    limit=limit,
                    at=now(),
                    window=DAY,
                    refusal="too_many_subscriptions",
                )


def _public(proposal_id: UUID) -> ProposalFacts:
    """A proposal that everybody may see in an edition that counts."""
    proposal = get_proposal(reading(), proposal_id)
    edition = get_edition(reading(), proposal.edition_id)
    if proposal.state not in PUBLIC_STATES or edition.is_training:
        abort(404)
    return proposal


def _real_edition(slug: str) -> EditionFacts:
    edition = get_edition_by_slug(reading(), slug)
    if edition.is_training:
        abort(404)
    return edition


def _scope_of(edition: EditionFacts, said: str) -> str:
    return said if said in {pool.scope for pool in edition.pools} else ""
