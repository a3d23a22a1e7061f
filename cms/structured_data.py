"""What search engines may know of a page, in the words of schema.org.

Nothing is made up: what the coach has not written, and what the site does not know, is left out.
The videos of the series are the plainest case: their files are private, so there is a name, a
description and a length, and no address and no date of theirs.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from cms.models import ArticlePage, SiteSettings
from cms.queries.routes import site_root_path

if TYPE_CHECKING:
    from cms.seo import PageMeta

PORTRAIT_SIZE = "fill-640x800"
# Inside <script> these could end the data and begin something else.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}

Data = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the data is made from."""

    page: Page
    request: HttpRequest
    facts: SiteSettings
    found: dict[str, Any]
    meta: "PageMeta"
    site_url: str

    @property
    def is_front_page(self) -> bool:
        """Whether this is the first page of the site."""
        return bool(self.page.url_path == site_root_path(self.request))


def graph(story: Story) -> Data:
    """Return all that is known about this page and the site it belongs to."""
    known = [part for part in _parts(story) if part]
    return {"@context": "https://schema.org", "@graph": known}


def as_script_content(data: Data) -> SafeString:
    """Return the data as it may stand inside a script element."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308


def _parts(story: Story) -> Iterator[Data]:
    yield _website(story)
    if isinstance(story.page, ArticlePage):
        yield _article(story, story.page)
    if story.is_front_page or story.page.pk == story.facts.about_page_id:
        yield _person(story, in_full=True)
    else:
        yield _breadcrumbs(story)
    yield from (_video(video, story) for video in story.found.get("series_videos") or [])
    yield _questions(story.page)


def _kept(data: Data) -> Data:
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def _website(story: Story) -> Data:
    search = f"{story.site_url}{reverse('search')}?q={{search_term_string}}"
    return _kept(
        {
            "@type": "WebSite",
            "@id": f"{story.site_url}/#site",
            "name": story.facts.site_name,
            "description": story.facts.tagline,
            "url": f"{story.site_url}/",
            "inLanguage": story.page.locale.language_code,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": search},
                "query-input": "required name=search_term_string",
            },
        }
    )


def _person(story: Story, *, in_full: bool = False) -> Data:
    """The coach; nobody where the settings name nobody."""
    facts = story.facts
    if not facts.coach_name:
        return {}
    about = facts.about_page
    person = {
        "@type": "Person",
        "@id": f"{story.site_url}/#coach",
        "name": facts.coach_name,
        "url": about.get_full_url(story.request) if about is not None and about.live else None,
    }
    if in_full:
        portrait = facts.coach_portrait
        person |= {
            "description": facts.coach_summary,
            "image": portrait.get_rendition(PORTRAIT_SIZE).full_url if portrait else None,
            "sameAs": [link.value["address"] for link in facts.social_links],
        }
    return _kept(person)


def _publisher(story: Story) -> Data:
    return _person(story) or {
        "@type": "Organization",
        "name": story.facts.site_name,
        "url": f"{story.site_url}/",
    }


def _article(story: Story, article: ArticlePage) -> Data:
    meta = story.meta
    return _kept(
        {
            "@type": "Article",
            "headline": article.title,
            "description": meta.description,
            "datePublished": meta.published.isoformat() if meta.published else None,
            "dateModified": meta.modified.isoformat() if meta.modified else None,
            "author": _publisher(story),
            "publisher": _publisher(story),
            "image": [meta.picture.url] if meta.picture else None,
            "mainEntityOfPage": meta.canonical,
            "isPartOf": {"@id": f"{story.site_url}/#site"},
            "articleSection": [topic.name for topic in story.found.get("topics") or []],
            "wordCount": article.word_count,
            "inLanguage": article.locale.language_code,
        }
    )


def _breadcrumbs(story: Story) -> Data:
    """The way from the first page to this one."""
    steps = [(story.facts.site_name, f"{story.site_url}/"), *_between(story)]
    topic = story.found.get("topic")
    if topic is not None:
        steps.append((story.page.title, story.page.get_full_url(story.request)))
    steps.append((topic.name if topic else story.page.title, story.meta.canonical))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }


def _between(story: Story) -> list[tuple[str, str]]:
    """The pages above this one, without the first."""
    root_path = site_root_path(story.request) or ""
    if story.page.url_path.removeprefix(root_path).count("/") < 2:
        return []
    title = getattr(story.page, "list_title", None)
    if title:
        return [(title, story.meta.canonical.rsplit("/", 2)[0] + "/")]
    above = story.page.get_ancestors().filter(url_path__startswith=root_path)
    return [
        (page.title, page.get_full_url(story.request))
        for page in above
        if page.url_path != root_path
    ]


def _video(video: Any, story: Story) -> Data:
    seconds = video.duration_seconds
    return _kept(
        {
            "@type": "VideoObject",
            "name": video.title,
            "description": video.summary,
            "duration": f"PT{seconds // 60}M{seconds % 60}S" if seconds else None,
            "thumbnailUrl": [story.meta.picture.url] if story.meta.picture else None,
            "publisher": _publisher(story),
            "isAccessibleForFree": True,
        }
    )


def _questions(page: Page) -> Data:
    questions = getattr(page, "questions", [])
    if not questions:
        return {}
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
            }
            for question, answer in questions
        ],
    }
