"""/sitemap.xml lists every public page, and no other."""

from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms.models import ArticleIndexPage
from tests.factories.pages import SITE_URL, ArticlePageFactory, TopicFactory


def test_lists_public_pages_and_the_form_for_the_videos(
    client: Client, articles: ArticleIndexPage
) -> None:
    public = ArticlePageFactory(parent=articles)
    draft = ArticlePageFactory(parent=articles, live=False)
    restricted = ArticlePageFactory(parent=articles)
    PageViewRestriction.objects.create(page=restricted, restriction_type="password", password="x")
    response = client.get("/sitemap.xml", headers={"host": "localhost:8000"})
    assert response["Content-Type"] == "application/xml"
    listed = response.content.decode()
    for path in ("/", articles.url, public.url, "/about/", "/privacy/", "/free-videos/"):
        assert f"<loc>{SITE_URL}{path}</loc>" in listed, path
    for page in (draft, restricted):
        assert page.url not in listed


def test_lists_topics_that_have_articles_with_when_they_changed(
    client: Client, articles: ArticleIndexPage
) -> None:
    page = ArticlePageFactory(parent=articles)
    page.topics = [TopicFactory(slug="distance")]
    page.save_revision().publish()
    draft = ArticlePageFactory(parent=articles, live=False)
    draft.topics = [TopicFactory(slug="silence")]
    draft.save()
    listed = client.get("/sitemap.xml", headers={"host": "localhost:8000"}).content.decode()
    page.refresh_from_db()
    changed = timezone.localdate(page.last_published_at).isoformat()
    place = f"<loc>{SITE_URL}{articles.url}topics/distance/</loc><lastmod>{changed}"
    assert place in "".join(listed.split())
    assert "silence" not in listed
    assert "/search/" not in listed
