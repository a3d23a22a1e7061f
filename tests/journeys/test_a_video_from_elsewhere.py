"""A reader presses the button of a video at YouTube: only then is it asked for."""

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Request, Route, expect

from cms.blocks.outside import OutsideVideoBlock
from cms.middleware import VIDEO_PLAYERS

SITE = "https://unstuck.test/"
POLICY = f"default-src 'none'; script-src 'self'; frame-src {' '.join(VIDEO_PLAYERS)}"


def test_a_press_loads_the_video_and_not_before(chromium: Browser) -> None:
    block = OutsideVideoBlock()
    video = {"address": "https://youtu.be/abc_DEF-123", "title": "Begin <alone>", "image": None}
    page = chromium.new_page()
    asked: list[Request] = []

    def answer(route: Route) -> None:
        asked.append(route.request)
        if route.request.url.startswith("https://www.youtube-nocookie.com/"):
            route.fulfill(body="<p>Player</p>", content_type="text/html")
        elif route.request.url == SITE:
            html = f"<!DOCTYPE html><title>x</title>{block.render(block.to_python(video))}"
            headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
        elif "outside_video" in route.request.url:
            route.fulfill(path=str(finders.find("js/outside_video.js")))
        else:
            route.fulfill(status=404)

    page.route("**/*", answer)
    page.goto(SITE)
    assert all(request.url.startswith(SITE) for request in asked)

    page.get_by_role("link", name="Watch “Begin <alone>”, from YouTube").click()

    player = page.locator("iframe")
    expect(player).to_be_focused()
    expect(player).to_have_attribute("title", "Begin <alone>")
    expect(page.frame_locator("iframe").locator("p")).to_have_text("Player")
    assert asked[-1].url == "https://www.youtube-nocookie.com/embed/abc_DEF-123?autoplay=1&rel=0"
    # YouTube plays nothing for a page that says nothing of where it is.
    assert asked[-1].headers["referer"] == SITE
    assert str(player.get_attribute("sandbox")).startswith("allow-scripts allow-same-origin")
    page.close()
