"""The first video without an address: this one only, while the setting is on, and nothing kept."""

from typing import Any

import pytest
from django.apps import apps

from funnel.models import FunnelSettings, Video
from tests.factories.leads import VideoFactory, VideoSeriesFactory

PAGE = "/free-videos/first-video/"


@pytest.fixture
def videos(db: None) -> list[Video]:
    """Two videos in the site's own series."""
    series = VideoSeriesFactory()
    known = FunnelSettings.load()
    known.series = series
    known.save()
    return [
        VideoFactory(series=series, sort_order=order, title=title, transcript=f"{title}, in words.")
        for order, title in enumerate(("Asking", "Helping"))
    ]


def _offer(offers: bool) -> None:
    known = FunnelSettings.load()
    known.offers_video_without_mail = offers
    known.save()


def test_it_stands_under_the_form_and_plays(visitor: Any, videos: list[Video]) -> None:
    form = visitor.client.get("/free-videos/").content.decode()
    assert f'href="{PAGE}"' in form
    assert "We keep nothing." in form
    page = visitor.client.get(PAGE)
    text = page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert not page.cookies
    assert "<title>Video</title>" in text
    assert "Asking, in words." in text
    assert "Helping" not in text
    assert "data-progress" not in text


def test_its_file_comes_in_pieces_under_no_name(visitor: Any, videos: list[Video]) -> None:
    answer = visitor.client.get(f"{PAGE}file/", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.getvalue()) == (206, bytes(range(10)))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"] == 'inline; filename="video.mp4"'
    assert not answer.cookies


def test_nothing_is_stored(visitor: Any, videos: list[Video]) -> None:
    def rows() -> dict[str, int]:
        return {model._meta.label: model._base_manager.count() for model in apps.get_models()}

    before = rows()
    for path in (PAGE, f"{PAGE}file/"):
        visitor.client.get(path)
    assert rows() == before


def test_no_other_file_is_reachable(visitor: Any, videos: list[Video]) -> None:
    for path in ("captions/", "2/", f"{videos[1].pk}/file/", "../watch/", "file/x/"):
        assert visitor.client.get(PAGE + path).status_code == 404
    assert visitor.client.get(f"/free-videos/watch/{videos[0].pk}/file/").status_code == 410


def test_without_the_setting_there_is_none(visitor: Any, videos: list[Video]) -> None:
    _offer(False)
    assert PAGE not in visitor.client.get("/free-videos/").content.decode()
    for path in (PAGE, f"{PAGE}file/"):
        assert visitor.client.get(path).status_code == 404


def test_without_a_video_there_is_none(visitor: Any) -> None:
    assert PAGE not in visitor.client.get("/free-videos/").content.decode()
    assert visitor.client.get(PAGE).status_code == 404


def test_the_thank_you_page_asks_again(visitor: Any, videos: list[Video]) -> None:
    page = visitor.client.get("/free-videos/check-your-mail/").content.decode()
    for words in ("Send it again", "Wrong address?", "an hour", 'name="email"', f'href="{PAGE}"'):
        assert words in page
