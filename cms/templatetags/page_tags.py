"""What the templates of pages ask: what the page says of itself, and names for its parts."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page

from cms.anchors import new_anchor
from cms.models import ArticlePage
from cms.queries import frame
from cms.seo import PageMeta
from cms.seo import page_meta as meta_of_page
from cms.structured_data import as_script_content

register = template.Library()


@register.simple_tag(takes_context=True)
def page_meta(context: Any) -> PageMeta | None:
    """What the page says of itself; None for what is no page."""
    page, request = context.get("page"), context.get("request")
    if not isinstance(page, Page) or request is None:
        return None
    return meta_of_page(
        page=page, request=request, facts=frame.site_settings(request), found=context.flatten()
    )


@register.filter
def as_data(data: dict[str, Any]) -> SafeString:
    """Structured data as the content of a script element."""
    return as_script_content(data)


@register.simple_tag(takes_context=True)
def anchor(context: Any, words: str) -> str:
    """An id for this heading that nothing else on the page has."""
    return new_anchor(context.get("request"), words or "")


@register.simple_tag(takes_context=True)
def language(context: Any) -> str:
    """The language of the page, else of the site."""
    page = context.get("page")
    if isinstance(page, Page) and page.locale_id:
        return str(page.locale.language_code)
    return str(get_supported_content_language_variant(settings.LANGUAGE_CODE))


@register.simple_tag
def newest_articles(number: int) -> list[ArticlePage]:
    """So many of the newest articles that anybody may read."""
    articles = ArticlePage.objects.anyone_may_read().newest_first().for_lists()
    return list(articles[:number])


@register.simple_tag(takes_context=True)
def cycle_page(context: Any, cycle_id: int | None) -> frame.MenuItem | None:
    """The page about a cycle."""
    return frame.cycle_page(context["request"], cycle_id)
