"""Videos from elsewhere: what becomes of an address, and which pages may load a player."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.blocks.outside import OutsideVideoBlock, outside_video
from cms.middleware import VIDEO_PLAYERS
from cms.models import ArticleIndexPage
from tests.factories.pages import ArticlePageFactory

YOUTUBE = "https://www.youtube-nocookie.com/embed/abc_DEF-123?autoplay=1&rel=0"
VIMEO = "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"
PAGES = {"www.youtube.com", "vimeo.com"}
HOSTS = st.sampled_from(
    ["youtube.com", "youtu.be", "m.youtube.com", "vimeo.com", "player.vimeo.com", "evil.test"]
)
NUMBERS = st.sampled_from(["abc_DEF-123", "76979871"]) | st.text(max_size=14)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=abc_DEF-123",
        " https://youtube.com/watch?list=x&v=abc_DEF-123&t=10s ",
        "https://m.youtube.com/watch?v=abc_DEF-123",
        "https://youtu.be/abc_DEF-123?si=tracking",
        "https://www.youtube.com/embed/abc_DEF-123",
        "https://www.youtube.com/shorts/abc_DEF-123",
        "https://www.youtube.com/live/abc_DEF-123",
        "http://YOUTUBE.com/watch?v=abc_DEF-123",
    ],
)
def test_youtube(address: str) -> None:
    video = outside_video(address)
    assert video is not None
    assert video.player_url == YOUTUBE
    assert video.provider == "YouTube"


@pytest.mark.parametrize(
    "address",
    [
        "https://vimeo.com/76979871",
        "https://vimeo.com/channels/staffpicks/76979871",
        "https://player.vimeo.com/video/76979871?h=x",
    ],
)
def test_vimeo(address: str) -> None:
    video = outside_video(address)
    assert video is not None
    assert video.player_url == VIMEO


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://www.youtube.com/",
        "https://www.youtube.com/@somebody",
        "https://www.youtube.com/watch?v=short",
        "https://youtube.com.evil.test/watch?v=abc_DEF-123",
        "https://evil.test/?u=https://youtu.be/abc_DEF-123",
        "https://youtu.be@evil.test/abc_DEF-123",
        "https://vimeo.com/somebody",
        "https://[::1/watch?v=abc_DEF-123",
        'https://youtu.be/"><script>a',
    ],
)
def test_no_video(address: str) -> None:
    assert outside_video(address) is None


@given(
    st.text(max_size=60)
    | st.builds("https://{}/{}".format, HOSTS, NUMBERS)
    | st.builds("https://{}/video/{}?v={}".format, HOSTS, NUMBERS, NUMBERS)
    | st.builds("//{}/watch?v={}#{}".format, HOSTS, NUMBERS, NUMBERS)
)
@example("https://youtu.be/abc_DEF-123")
@example("https://vimeo.com/٧٦٩٧٩٨٧١")
def test_no_other_server_ever_comes_out(address: str) -> None:
    video = outside_video(address)
    if video is None:
        return
    assert video.player_url.startswith(tuple(f"{host}/" for host in VIDEO_PLAYERS))
    assert urlsplit(video.page_url).hostname in PAGES
    for made in (video.player_url, video.page_url):
        assert made.isascii()
        assert not set(made) & set(" \"'<>\\`\n\t")


def test_another_address_is_refused_in_words() -> None:
    block = OutsideVideoBlock()
    value = block.to_python({"address": "https://evil.test/v", "title": "A talk", "image": None})
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(value)
    assert "YouTube or Vimeo" in str(refused.value.block_errors["address"])


class TestPage:
    """A page with such a video, and one without."""

    def _show(self, client: Client, articles: ArticleIndexPage, **video: str) -> tuple[str, str]:
        body = [("outside_video", {"title": "A “talk”", "image": None, **video})] if video else []
        page = ArticlePageFactory(parent=articles, body=body)
        answer = client.get(page.url)
        assert answer.status_code == 200
        return answer.headers["Content-Security-Policy"], answer.content.decode()

    def test_may_load_its_player_after_a_press(
        self, client: Client, articles: ArticleIndexPage
    ) -> None:
        policy, html = self._show(client, articles, address="https://youtu.be/abc_DEF-123")
        assert "frame-src https://www.youtube-nocookie.com https://player.vimeo.com" in policy
        assert "<iframe" not in html
        assert (
            'href="https://www.youtube.com/watch?v=abc_DEF-123" rel="noopener noreferrer"' in html
        )
        assert html.count("js/outside_video.js") == 1

    @pytest.mark.parametrize("video", [{}, {"address": "https://evil.test/"}])
    def test_without_one_loads_nothing_from_elsewhere(
        self, client: Client, articles: ArticleIndexPage, video: dict[str, str]
    ) -> None:
        policy, html = self._show(client, articles, **video)
        assert "frame-src" not in policy
        assert "outside_video" not in html
