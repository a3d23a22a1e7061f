"""Search over what anybody may read.

A reader types the beginning of a word and finds the word: "marri" finds "marriage". Wagtail's own
search takes a beginning only for the last word, weighs SQLite's results wrongly for several words,
and lets a quotation mark through to SQLite's query language. So the words are taken apart here,
nothing but letters and digits reaches the engine, and the index that Wagtail keeps is asked itself.
"""

import re
from typing import Any

from django.core.paginator import Page as PageOfResults
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cms.models import ArticleIndexPage, ArticlePage
from cms.queries.pictures import bring_sizes
from cms.queries.public import for_anybody
from cms.queries.routes import site_root_path
from funnel.text import clean_line

RESULTS_ON_A_PAGE = 10
# More would say nothing that these don't.
LONGEST_QUERY = 120
MOST_WORDS = 8
MOST_RESULTS = 300
# What is neither a letter nor a digit parts words, in both engines.
_WORD = re.compile(r"[^\W_]+")
# The tables are Wagtail's. A word in the title weighs as much as several in the text.
_RANKED = {
    "sqlite": """
        SELECT entry.object_id
        FROM wagtailsearch_indexentry_fts
        JOIN wagtailsearch_indexentry entry ON entry.id = wagtailsearch_indexentry_fts.rowid
        JOIN wagtailcore_page page ON page.id = CAST(entry.object_id AS INTEGER)
            AND page.content_type_id = entry.content_type_id
        WHERE wagtailsearch_indexentry_fts MATCH %s
        ORDER BY bm25(wagtailsearch_indexentry_fts, 0.0, 1.0, 8.0), page.id DESC
        LIMIT %s
    """,
    "postgresql": """
        SELECT entry.object_id
        FROM wagtailsearch_indexentry entry
        JOIN wagtailcore_page page ON page.id::text = entry.object_id
            AND page.content_type_id = entry.content_type_id
        CROSS JOIN to_tsquery('simple', %s) query
        WHERE entry.title || entry.body @@ query
        ORDER BY 8 * ts_rank(entry.title, query) + ts_rank(entry.body, query) DESC, page.id DESC
        LIMIT %s
    """,
}


def words_of(query: str) -> list[str]:
    """Return the words to look for; nothing in them means anything to a database."""
    return _WORD.findall(clean_line(query[: 4 * LONGEST_QUERY], max_length=LONGEST_QUERY))[
        :MOST_WORDS
    ]


def _condition(words: list[str]) -> str:
    """All of these, each as the beginning of a word, as this engine wants to be told."""
    if connection.vendor == "sqlite":
        return "{title body} : (" + " AND ".join(f'"{word}"*' for word in words) + ")"
    return " & ".join(f"'{word}':*" for word in words)


def ranked_ids(words: list[str]) -> list[int]:
    """Return the ids of the pages that have all these words, the best first."""
    with connection.cursor() as cursor:
        cursor.execute(_RANKED[connection.vendor], [_condition(words), MOST_RESULTS])
        return [int(row[0]) for row in cursor.fetchall()]


def find(query: str, *, root_path: str | None) -> list[int]:
    """Return the ids of the pages of this site that anybody may read, the best first."""
    words = words_of(query)
    if not words or root_path is None:
        return []
    ids = ranked_ids(words)
    pages = Page.objects.filter(pk__in=ids, url_path__startswith=root_path)
    public = set(for_anybody(pages).values_list("pk", flat=True))
    return [pk for pk in ids if pk in public]


def _shown(ids: Any) -> list[Page]:
    """The pages themselves, in this order, with the sizes of their pictures."""
    pages = {page.pk: page for page in Page.objects.filter(pk__in=ids).specific()}
    found = [pages[pk] for pk in ids if pk in pages]
    bring_sizes(page.image for page in found if isinstance(page, ArticlePage))
    for page in found:
        page.is_article = isinstance(page, ArticlePage)
    return found


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found; what was looked for is kept nowhere."""
    query = clean_line(request.GET.get("q", "")[: 4 * LONGEST_QUERY], max_length=LONGEST_QUERY)
    root_path = site_root_path(request)
    results: PageOfResults[Any] = Paginator(
        find(query, root_path=root_path), RESULTS_ON_A_PAGE
    ).get_page(request.GET.get("page"))
    results.object_list = _shown(list(results.object_list))
    index = ArticleIndexPage.objects.live().first()
    context = {
        "query": query,
        "results": results,
        "article_index": index,
        "topics": index.topics_with_articles(request) if index else [],
    }
    return render(request, "search.html", context)
