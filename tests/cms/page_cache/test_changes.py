"""Every kind of change shows with the next request, in the process that made it and in others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from cms.models import ArticleIndexPage, ArticlePage, SiteImage, SiteSettings, Topic
from funnel.models import CallToAction, ConsentWording, FunnelSettings, Lead, StuckCycle
from home.models import HomePage
from tests.cms.page_cache.conftest import Committed
from tests.cms.page_cache.visitors import Got, Process
from tests.factories.assessments import published
from tests.factories.pages import (
    ArticlePageFactory,
    SiteImageFactory,
    TopicFactory,
)


@dataclass
class Scene:
    """What there is to change."""

    home: HomePage
    index: ArticleIndexPage
    article: ArticlePage
    offer: CallToAction
    topic: Topic

    @property
    def image(self) -> SiteImage:
        """The article's picture."""
        assert self.article.image
        return self.article.image

    def add_picture(self) -> None:
        """Give the article its picture."""
        self.article.image = SiteImageFactory(credit="Photo by Ada Sample")
        self.article.save()

    @property
    def other(self) -> ArticleIndexPage:
        """A second list, to move things to."""
        page: ArticleIndexPage = ArticleIndexPage.objects.get(slug="elsewhere")
        return page


@pytest.fixture
def scene(articles: ArticleIndexPage, home: HomePage) -> Scene:
    """An article with a call to action and a topic, and a second list of articles."""
    home.add_child(instance=ArticleIndexPage(title="Elsewhere", slug="elsewhere"))
    offer = CallToAction.objects.create(name="Videos", heading="Begin alone", points="One")
    topic = TopicFactory(name="Silence")
    article = ArticlePageFactory(
        parent=articles,
        title="Who begins",
        slug="who-begins",
        body=[("call_to_action", offer), ("opt_in_form", {"call_to_action": None})],
    )
    article.topics.set([topic])
    article.save()
    StuckCycle.objects.create(code="test", name="Test", experience="We go in circles")
    fresh = ArticlePage.objects.get(pk=article.pk)
    return Scene(home, ArticleIndexPage.objects.get(pk=articles.pk), fresh, offer, topic)


Act = Callable[[Scene], object]
Shows = Callable[[Got], object]
ARTICLE = "/articles/who-begins/"
# The same with a picture, which takes longer to make.
PICTURED = f"{ARTICLE}?page=1"
CASES: dict[str, tuple[str, Act, Shows]] = {}


def case(path: str, shows: Shows) -> Callable[[Act], Act]:
    """Add a change: where it is looked for, and how the page looks afterwards."""

    def add(act: Act) -> Act:
        CASES[act.__name__] = (path, act, shows)
        return act

    return add


def says(words: str) -> Shows:
    return lambda got: got.status == 200 and words in got.text


def lacks(words: str) -> Shows:
    return lambda got: got.status == 200 and words not in got.text


def is_gone(got: Got) -> bool:
    return got.status == 404


def leads_to(path: str) -> Shows:
    return lambda got: got.status == 301 and got.headers["Location"].endswith(path)


@case(ARTICLE, says("A new introduction"))
def publish(scene: Scene) -> None:
    scene.article.introduction = "A new introduction"
    scene.article.save_revision().publish()


@case("/articles/", says("Another one"))
def publish_another(scene: Scene) -> None:
    ArticlePageFactory(parent=scene.index, title="Another one")


@case(ARTICLE, is_gone)
def unpublish(scene: Scene) -> None:
    scene.article.unpublish()


@case(ARTICLE, is_gone)
def unpublish_with_everything_below(scene: Scene) -> None:
    for page in scene.index.get_descendants(inclusive=True).live():
        page.unpublish()


@case(ARTICLE, leads_to("/elsewhere/who-begins/"))
def move(scene: Scene) -> None:
    Page.objects.get(pk=scene.article.pk).move(scene.other, pos="last-child")


@case(ARTICLE, leads_to("/elsewhere/articles/who-begins/"))
def move_the_parent(scene: Scene) -> None:
    Page.objects.get(pk=scene.index.pk).move(scene.other, pos="last-child")


@case("/articles/", lambda got: got.status == 200)
def reorder(scene: Scene) -> None:
    scene.index.move(scene.other, pos="right")


@case(ARTICLE, leads_to("/articles/who-ends/"))
def change_the_slug(scene: Scene) -> None:
    scene.article.slug = "who-ends"
    scene.article.save_revision().publish()


@case(ARTICLE, leads_to("/letters/who-begins/"))
def change_the_parent_s_slug(scene: Scene) -> None:
    scene.index.slug = "letters"
    scene.index.save()


@case(ARTICLE, is_gone)
def delete(scene: Scene) -> None:
    scene.article.delete()


@case(ARTICLE, is_gone)
def delete_the_parent(scene: Scene) -> None:
    Page.objects.get(pk=scene.index.pk).delete()


@case("/elsewhere/", says("Who begins, again"))
def copy(scene: Scene) -> None:
    scene.article.copy(
        to=scene.other,
        update_attrs={"slug": "again", "title": "Who begins, again"},
        copy_revisions=False,
    )


@case("/articles/", lambda got: got.text.count("Who begins") > 1)
def alias(scene: Scene) -> None:
    scene.article.create_alias(parent=scene.index, update_slug="an-alias")


@case(PICTURED, says("Photo by Cy Waiting"))
def change_a_picture_s_credit(scene: Scene) -> None:
    scene.image.credit = "Photo by Cy Waiting"
    scene.image.save()


@case(PICTURED, says("two-windows"))
def change_a_picture_s_file(scene: Scene) -> None:
    other = SiteImageFactory(file__color="#112233")
    image = scene.image
    image.file = ImageFile(BytesIO(other.file.read()), name="two-windows.png")
    # As the admin's form does.
    image._set_image_file_metadata()
    image.save()
    image.renditions.all().delete()


@case(PICTURED, lacks("Photo by Ada Sample"))
def delete_a_picture(scene: Scene) -> None:
    scene.image.delete()


@case(ARTICLE, says("Begin on a Tuesday"))
def change_a_call_to_action(scene: Scene) -> None:
    scene.offer.heading = "Begin on a Tuesday"
    scene.offer.save()


@case(ARTICLE, says("We walk on eggshells"))
def change_a_cycle(scene: Scene) -> None:
    StuckCycle.objects.filter(code="test").update(experience="We walk on eggshells")


@case("/free-videos/", says("We walk on eggshells"))
def change_a_cycle_on_the_form_s_own_page(scene: Scene) -> None:
    change_a_cycle(scene)


@case("/", says("Begin here"))
def change_the_site_s_settings(scene: Scene) -> None:
    settings = SiteSettings.load()
    settings.site_name = "Begin here"
    settings.save()


@case("/free-videos/check-your-mail/", says("Marta Beispiel"))
def change_the_funnel_s_settings(scene: Scene) -> None:
    settings = FunnelSettings.load()
    settings.sender_name = "Marta Beispiel"
    settings.save()


@case("/free-videos/which-cycle/", says("What happens at six"))
def publish_a_questionnaire(scene: Scene) -> None:
    published(timezone.now())


@case("/elsewhere/old/", lambda got: got.status in (301, 302))
def add_a_redirect(scene: Scene) -> None:
    Redirect.objects.create(old_path="/elsewhere/old", redirect_link="/articles/")


@case(ARTICLE, lacks("Begin alone"))
def restrict(scene: Scene) -> None:
    PageViewRestriction.objects.create(
        page=scene.article, restriction_type="password", password="x"
    )


@case(ARTICLE, lacks("Begin alone"))
def restrict_the_parent(scene: Scene) -> None:
    PageViewRestriction.objects.create(page=scene.index, restriction_type="password", password="x")


@case("/sitemap.xml", lacks("who-begins"))
def restrict_what_the_sitemap_lists(scene: Scene) -> None:
    restrict(scene)


@case("/", lambda got: got.status == 200 and "https://example.test" in got.text)
def change_the_site_s_address(scene: Scene) -> None:
    site = Site.objects.get()
    site.hostname, site.port = "example.test", 443
    site.save()


@case("/", says("Elsewhere"))
def change_the_site_s_first_page(scene: Scene) -> None:
    site = Site.objects.get()
    site.root_page = Page.objects.get(pk=scene.other.pk)
    site.save()


@case(ARTICLE, lambda got: got.status == 200)
def reword_a_topic(scene: Scene) -> None:
    scene.topic.name = "Quiet"
    scene.topic.save()


@case(ARTICLE, lambda got: got.status == 200)
def take_an_article_out_of_its_topics(scene: Scene) -> None:
    scene.article.topics.set([])
    scene.article.save()


@case(ARTICLE, says("In good time"))
def publish_by_the_clock(scene: Scene) -> None:
    scene.article.introduction = "In good time"
    scene.article.go_live_at = timezone.now() - timedelta(minutes=1)
    revision = scene.article.save_revision()
    revision.approved_go_live_at = scene.article.go_live_at
    revision.save()
    call_command("publish_scheduled", verbosity=0)


@case(ARTICLE, is_gone)
def expire_by_the_clock(scene: Scene) -> None:
    Page.objects.filter(pk=scene.article.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)


@case("/articles/", says("A page by hand"))
def write_past_the_models(scene: Scene) -> None:
    Page.objects.filter(pk=scene.article.pk).update(title="A page by hand")


@case(PICTURED, lambda got: got.status == 200)
def throw_away_renditions(scene: Scene) -> None:
    call_command("wagtail_update_image_renditions", "--purge-only", stdout=StringIO())


@pytest.mark.parametrize("name", CASES)
def test_a_change_shows_at_once_everywhere(
    scene: Scene, first: Process, second: Process, committed: Committed, name: str
) -> None:
    path, act, shows = CASES[name]
    if path == PICTURED:
        scene.add_picture()
    before = first.get(path), second.get(path)
    for process in (first, second):
        process.get(path)
    assert len(first.asked_django) == len(second.asked_django) <= 2
    with committed():
        act(scene)
    for process, was in zip((first, second), before, strict=True):
        asked = len(process.asked_django)
        got = process.get(path, HTTP_IF_NONE_MATCH=was.headers.get("ETag"))
        if got.status == 304:
            got = process.get(path)
        assert len(process.asked_django) > asked, "answered from what was kept"
        assert shows(got), got.text[:3000]


def test_lifting_a_restriction_shows_at_once(
    scene: Scene, first: Process, committed: Committed
) -> None:
    restriction = PageViewRestriction.objects.create(
        page=scene.index, restriction_type="password", password="x"
    )
    assert "Begin alone" not in first.get(ARTICLE).text
    with committed():
        restriction.delete()
    assert "Begin alone" in first.get(ARTICLE).text
    assert first.keeps(ARTICLE)


def test_a_draft_changes_nothing_for_visitors(
    scene: Scene, first: Process, committed: Committed
) -> None:
    first.get(ARTICLE)
    with committed():
        scene.article.title = "Half written"
        scene.article.save_revision()
    first.get(ARTICLE)
    assert first.asked_django == [ARTICLE]


def test_an_opt_in_leaves_the_cache_alone(
    scene: Scene, first: Process, committed: Committed, client: Client
) -> None:
    first.get("/")
    digest = ConsentWording.digest_of(**FunnelSettings.load().wording)
    with committed():
        answer = client.post(
            "/free-videos/",
            {"email": "ada@mail.test", "cycle": "test", "wording": digest},
            headers={"sec-fetch-site": "same-origin"},
        )
    assert answer.status_code == 302
    assert Lead.objects.exists()
    first.get("/")
    assert first.asked_django == ["/"]


def test_rendering_pictures_keeps_what_was_rendered(
    scene: Scene, first: Process, committed: Committed
) -> None:
    scene.add_picture()
    with committed():
        first.get(ARTICLE)
    first.get(ARTICLE)
    assert first.asked_django == [ARTICLE]
    assert scene.image.renditions.exists()
