"""Fills a demo site: offers, articles, videos, a questionnaire, and three people who may log in.

Everything is given once (see `home.services.starter_content`), but for the three accounts: whoever
starts a demo is told their password, so they are there and it is right at every start.
"""

import json
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Group
from django.core.files import File
from django.utils import timezone
from django.utils.text import slugify

from cms.auth import DEMO_ADDRESS_ENDING, DEMO_GROUP, is_demo_account
from cms.models import ArticleIndexPage, ArticlePage, SiteSettings, Topic
from funnel.choices import CallToActionGoal
from funnel.models import (
    CallToAction,
    CallToActionVariant,
    FunnelSettings,
    StuckCycle,
    Video,
)
from home.blocks import CHOSEN
from home.demo import content_format as fmt
from home.demo.questionnaire import follow_site_url, give_questionnaire, questionnaire_url
from home.models import HomePage
from home.services.bodies import PictureShelf, articles_by_slug
from home.services.sites import prepare_site
from home.services.starter_content import Starter
from home.services.starter_pages import page_fields, publish_below

CONTENT = Path(__file__).resolve().parent / "content"
GROUPS = {"coach": "Coach", "marketing": "Marketing", "admin": None}
DAYS_BETWEEN_ARTICLES = 9
# Addresses that lead nowhere, so that a press in the demo reaches nobody.
BOOKING = "https://booking.test/maren-holt"
FUNNEL_SETTINGS = {
    "neutral_sender_name": "M. H. Office",
    "legal_name": "Maren Holt Coaching (a sample)",
    "postal_address": "1 Sample Street, Sampleton",
    "privacy_page": "/privacy/",
    "time_zone": "America/New_York",
    "coach_address": "coach@unstuck.test",
    "mail_host": "The machine this demo runs on",
    "alert_address": "engineer@unstuck.test",
}
ELSEWHERE = {
    "Instagram": "https://instagram.test/maren-holt",
    "Podcast": "https://podcast.test/the-third-chair",
}


class DemoProblem(Exception):
    """Why the demo can't be loaded, as a sentence for the person who tries."""


def prepare_demo_site(*, starter: Starter, site_url: str, content: Path = CONTENT) -> None:
    """Make the pages every site has, in the words of the demo's coach."""
    offers = _offers(starter, content, site_url=site_url)
    prepare_site(starter=starter, site_url=site_url, content=content, offers=offers)
    starter.once("demo:site settings", lambda: _introduce_coach(content))
    starter.once("demo:promise", _promise_what_there_is)
    starter.once("demo:senders", _say_who_sends)


def load_demo(*, starter: Starter, site_url: str, password: str, content: Path = CONTENT) -> None:
    """Make what is missing of the demo; raises `DemoProblem` where it can't."""
    prepare_demo_site(starter=starter, site_url=site_url, content=content)
    _ensure_accounts(password=password)
    follow_site_url(site_url)
    offers = _offers(starter, content, site_url=site_url)
    starter.once(
        "demo:questionnaire",
        partial(give_questionnaire, content=content, offers=offers, now=starter.now),
    )
    today = timezone.localdate(starter.now)
    for position, path in enumerate(sorted((content / "articles").glob("*.md"))):
        starter.once(
            f"demo:article {path.stem}",
            partial(
                _publish_article,
                path,
                shelf=PictureShelf(content / "images"),
                day=today - timedelta(days=DAYS_BETWEEN_ARTICLES * position),
                offers=offers,
            ),
        )
    starter.once("demo:chosen articles", partial(_choose_articles, content))
    for facts in json.loads((content / "videos" / "videos.json").read_text(encoding="utf-8")):
        starter.once(
            f"demo:video {facts['file']}",
            partial(_add_video, facts, folder=content / "videos"),
        )


def _offers(starter: Starter, content: Path, *, site_url: str) -> list[CallToAction]:
    """Return the demo's calls to action that are still there, in the order of their file."""
    written = json.loads((content / "calls_to_action.json").read_text(encoding="utf-8"))
    for facts in written:
        if facts["goal"] == CallToActionGoal.LINK:
            facts["link_url"] = questionnaire_url(site_url)
        starter.once(f"demo:offer {facts['name']}", partial(_write_offer, facts))
    found = CallToAction.objects.in_bulk([facts["name"] for facts in written], field_name="name")
    return [found[facts["name"]] for facts in written if facts["name"] in found]


def _write_offer(facts: dict[str, Any]) -> None:
    """Write one call to action with its variants, unless there is one of that name."""
    if CallToAction.objects.filter(name=facts["name"]).exists():
        return
    offer = CallToAction(**_words(facts))
    for code, words in facts.get("variants", {}).items():
        cycle = StuckCycle.objects.filter(code=code).first()
        if cycle is not None:
            offer.variants.add(CallToActionVariant(cycle=cycle, **_words(words)))
    offer.save()


def _words(facts: dict[str, Any]) -> dict[str, Any]:
    """The fields of a call to action or a variant; its points are one line each."""
    fields = {name: value for name, value in facts.items() if name != "variants"}
    if "points" in fields:
        fields["points"] = "\n".join(fields["points"])
    return fields


def _choose_articles(content: Path) -> None:
    """Fill the list of chosen articles on the home page, which is made before the articles are.

    Only where the list is still there and empty: somebody may have been faster.
    """
    slots = fmt.read_document(content / "pages" / "home.md").slots("article_list")
    chosen = next((slot.each("article") for slot in slots if slot.each("article")), ())
    home = HomePage.objects.first()
    if home is None:
        return
    for block in home.body:
        if block.block_type != "article_list" or block.value["mode"] != CHOSEN:
            continue
        if not block.value["articles"]:
            block.value["articles"].extend(articles_by_slug(chosen))
            home.save_revision().publish()
        return


def _introduce_coach(content: Path) -> None:
    """Say whose site this is: the name in the title of the page about her, with her portrait."""
    document = fmt.read_document(content / "pages" / "about.md")
    site_settings = SiteSettings.load()
    site_settings.tagline = "For the one who would like it to change"
    site_settings.coach_name = document.front_matter["title"].removeprefix("About ")
    site_settings.coach_portrait = PictureShelf(content / "images").lead_picture(document)
    site_settings.coach_summary = document.front_matter["summary"]
    site_settings.contact_address = "hello@unstuck.test"
    site_settings.booking_url = BOOKING
    site_settings.social_links = [
        ("link", {"name": name, "address": address}) for name, address in ELSEWHERE.items()
    ]
    site_settings.footer_text = (
        "A demonstration site. The coach, the couples and the people quoted are invented."
    )
    site_settings.save()


def _promise_what_there_is() -> None:
    """The demo's videos run for about a minute, so its forms don't promise five."""
    funnel_settings = FunnelSettings.load()
    for name in ("one_promise", "videos_promise"):
        words = getattr(funnel_settings, name)
        setattr(
            funnel_settings, name, words.replace("free five-minute videos", "short free videos")
        )
    funnel_settings.save()


def _say_who_sends() -> None:
    """Fill in who the mails are from and who answers for the site; what stands there stays."""
    funnel_settings = FunnelSettings.load()
    for name, value in FUNNEL_SETTINGS.items():
        setattr(funnel_settings, name, getattr(funnel_settings, name) or value)
    funnel_settings.save()


def _publish_article(
    path: Path, *, shelf: PictureShelf, day: date, offers: list[CallToAction]
) -> None:
    parent = ArticleIndexPage.objects.order_by("pk").first()
    if parent is None:
        raise DemoProblem(
            "There is no list of articles to put the demo’s articles in. Make one in the admin, "
            "below the home page, and try again."
        )
    if parent.get_children().filter(slug=path.stem).exists():
        return
    document = fmt.read_document(path)
    facts = document.front_matter
    article = ArticlePage(
        slug=path.stem,
        published_on=day,
        cycle=StuckCycle.objects.filter(code=facts.get("cycle", "")).first(),
        touches_on_fear=facts.get("touches_on_fear") == "yes",
        **page_fields(document, shelf=shelf, offers=offers),
    )
    article.topics = [_topic(name) for name in document.topics]
    publish_below(parent, article)


def _topic(name: str) -> Topic:
    topic, _made = Topic.objects.get_or_create(slug=slugify(name), defaults={"name": name})
    return topic


def _add_video(facts: dict[str, Any], *, folder: Path) -> None:
    """Put one video at the end of the series that opt-ins get."""
    series = FunnelSettings.load().series
    if series is None:
        raise DemoProblem(
            "No series is chosen under “the free videos” in the funnel settings, so the demo’s "
            "videos have no place. Choose one in the admin and try again."
        )
    video = Video(
        series=series,
        sort_order=series.videos.count(),
        title=facts["title"],
        summary=facts["summary"],
        transcript=(folder / facts["transcript"]).read_text(encoding="utf-8").strip(),
        duration_seconds=round(facts["duration_seconds"]),
    )
    for name in ("file", "captions", "poster"):
        with (folder / facts[name]).open("rb") as source:
            getattr(video, name).save(facts[name], File(source), save=False)
    video.save()


def _ensure_accounts(*, password: str) -> None:
    """Let coach, marketing and admin log in with this password.

    All three share one stored hash, so that a start verifies one slow hash and not three.
    """
    if not password:
        raise DemoProblem(
            "DEMO_PASSWORD is not set, so nobody could log in. `make run` makes one; to choose "
            "your own, put it into the environment or into .env."
        )
    users = get_user_model()._default_manager
    found = {user.get_username(): user for user in users.filter(username__in=GROUPS)}
    for user in found.values():
        if not is_demo_account(user):
            raise DemoProblem(
                f"There already is a user “{user.get_username()}” who is not the demo’s. Load the "
                "demo into a database of its own (DATABASE_URL)."
            )
    demo_group, _made = Group.objects.get_or_create(name=DEMO_GROUP)
    demo_group.user_set.add(*found.values())
    stored = {user.password for user in found.values()}
    if len(found) == len(GROUPS) and len(stored) == 1 and check_password(password, stored.pop()):
        return
    encoded = make_password(password)
    for name, group in GROUPS.items():
        if name in found:
            found[name].password = encoded
            found[name].save(update_fields=["password"])
            continue
        user = users.create(
            username=name,
            email=f"{name}{DEMO_ADDRESS_ENDING}",
            first_name=name.capitalize(),
            is_staff=group is None,
            is_superuser=group is None,
            password=encoded,
        )
        user.groups.add(demo_group)
        if group is not None:
            user.groups.add(Group.objects.get(name=group))
