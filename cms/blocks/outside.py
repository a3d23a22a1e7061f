"""What lies on other people's servers, and waits there until a reader asks for it."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from cms.middleware import will_show_player

from .groups import PICTURES

YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_VIMEO_ID = re.compile(r"[0-9]{6,12}")


@dataclass(frozen=True, kw_only=True)
class OutsideVideo:
    """A video at a provider: who that is, where its player and its own page are."""

    provider: str
    player_url: str
    page_url: str


def outside_video(address: str) -> OutsideVideo | None:
    """Return the video behind an address a person copied, None where there is none.

    Only the number of the video is taken from the address; everything else is ours, so that
    nothing somebody pastes can bring another server into a page.
    """
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    steps = [step for step in parts.path.split("/") if step]
    if host == "youtu.be" and steps:
        return _youtube(steps[0])
    if host in YOUTUBE_HOSTS:
        if steps[:1] in (["embed"], ["shorts"], ["live"]) and len(steps) > 1:
            return _youtube(steps[1])
        return _youtube((parse_qs(parts.query).get("v") or [""])[0])
    if host in {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}:
        number = next((step for step in reversed(steps) if _VIMEO_ID.fullmatch(step)), "")
        return _vimeo(number)
    return None


def _youtube(number: str) -> OutsideVideo | None:
    if not _YOUTUBE_ID.fullmatch(number):
        return None
    return OutsideVideo(
        provider="YouTube",
        player_url=f"https://www.youtube-nocookie.com/embed/{number}?autoplay=1&rel=0",
        page_url=f"https://www.youtube.com/watch?v={number}",
    )


def _vimeo(number: str) -> OutsideVideo | None:
    if not number:
        return None
    return OutsideVideo(
        provider="Vimeo",
        player_url=f"https://player.vimeo.com/video/{number}?autoplay=1&dnt=1",
        page_url=f"https://vimeo.com/{number}",
    )


class OutsideVideoValue(blocks.StructValue):
    """A chosen video, and what its address says."""

    @property
    def video(self) -> OutsideVideo | None:
        """The video at its provider; None while the address is missing or not one of theirs."""
        return outside_video(self.get("address") or "")


class OutsideVideoBlock(blocks.StructBlock):
    """A video at YouTube or Vimeo, which is asked for nothing before a reader presses."""

    address = blocks.URLBlock(
        help_text="The address of the video’s page at YouTube or Vimeo, as you copy it there."
    )
    title = blocks.CharBlock(max_length=160, help_text="Stands on the button that loads it.")
    image = ImageChooserBlock(
        required=False,
        label="Picture",
        help_text="Shown until somebody presses. From your library, so that nothing is fetched "
        "from the provider before.",
    )

    def clean(self, value: Any) -> Any:
        """Refuse an address that is no video's."""
        cleaned = super().clean(value)
        if cleaned.get("address") and cleaned.video is None:
            message = "This is no address of a video at YouTube or Vimeo. Copy it from there."
            raise StructBlockValidationError(block_errors={"address": ValidationError(message)})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        """Have the page's headers let the player in, wherever on the page the video stands."""
        context = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        if request is not None and value.video is not None:
            will_show_player(request)
        return context

    class Meta:
        icon = "media"
        label = "Video from elsewhere"
        group = PICTURES
        template = "cms/blocks/outside_video.html"
        value_class = OutsideVideoValue
        preview_value = {
            "address": "https://vimeo.com/000000000",
            "title": "A talk about beginning alone",
            "image": None,
        }
        description = "Loads only after a reader presses, and says so."
