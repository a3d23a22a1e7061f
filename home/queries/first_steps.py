"""What a person still has to do before an empty site can be shown to anybody."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse
from wagtail.models import Page

from cms.models import ArticleIndexPage, ArticlePage, SiteSettings, SupportSignpost
from funnel.models import FunnelSettings


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """One thing to do, why, and where."""

    title: str
    why: str
    url: str


def first_steps() -> list[FirstStep]:
    """Return what is left to do, in a good order; empty once the site is ready."""
    return [
        *_about_the_coach(),
        *_about_the_pages(),
        *_about_the_videos(),
    ]


def _about_the_coach() -> Iterator[FirstStep]:
    facts = SiteSettings.load()
    url = _settings_url(facts)
    if not facts.coach_name:
        yield FirstStep(
            title="Say who you are", why="Your name stands under every article.", url=url
        )
    if not facts.contact_address:
        yield FirstStep(
            title="Say how readers can write to you",
            why="The address stands at the foot of every page, and people ask there to be erased.",
            url=url,
        )
    funnel = FunnelSettings.load()
    if funnel.sender_name == FunnelSettings._meta.get_field("sender_name").default:
        yield FirstStep(
            title="Choose who the mails are from",
            why="A name that says nothing about marriage to somebody who looks over a shoulder.",
            url=_settings_url(funnel),
        )


def _about_the_pages() -> Iterator[FirstStep]:
    privacy = SiteSettings.load().privacy_page
    if privacy is not None and not _a_person_saved(privacy):
        yield FirstStep(
            title="Read the page about privacy",
            why="It says what this software stores. Correct what isn’t so with you, and publish "
            "it; that you did is how this line knows.",
            url=_page_url(privacy),
        )
    signpost = SupportSignpost.objects.first()
    if signpost is None:
        yield FirstStep(
            title="Say where help is",
            why="No country has a signpost yet for readers who are afraid.",
            url=reverse("wagtailsnippets_cms_supportsignpost:add"),
        )
    index = ArticleIndexPage.objects.first()
    if index is not None and not ArticlePage.objects.live().exists():
        yield FirstStep(
            title="Write the first article",
            why="The first page shows your newest ones.",
            url=reverse("wagtailadmin_pages:add", args=["cms", "articlepage", index.pk]),
        )


def _about_the_videos() -> Iterator[FirstStep]:
    series = FunnelSettings.load().series
    if series is None:
        yield FirstStep(
            title="Choose the free videos",
            why="The form has nothing to send yet.",
            url=_settings_url(FunnelSettings.load()),
        )
    elif not series.videos.exists():
        yield FirstStep(
            title="Upload the videos",
            why="Whoever asks for them is sent to an empty page until then.",
            url=reverse("wagtailsnippets_funnel_videoseries:edit", args=[series.pk]),
        )


def _a_person_saved(page: Page) -> bool:
    return bool(page.revisions.filter(user__isnull=False).exists())


def _page_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _settings_url(setting: Model) -> str:
    meta = setting._meta
    return reverse("wagtailsettings:edit", args=[meta.app_label, meta.model_name, setting.pk])
