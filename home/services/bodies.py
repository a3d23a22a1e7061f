"""Turns the texts kept in files into the bodies and pictures of pages."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile

from cms.models import SiteImage
from funnel.models import CallToAction
from home.demo import content_format as fmt

BodyPart = tuple[str, Any]


class PictureShelf:
    """Pictures in a folder, taken into the site's library when a page first needs one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def picture(self, picture: fmt.Picture) -> SiteImage:
        """Return the library's picture with exactly this content, added where it is missing."""
        path = self._folder / picture.file
        found = SiteImage.objects.filter(
            file_hash=hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
        ).first()
        if found is not None:
            return found
        with path.open("rb") as source:
            image = SiteImage(
                title=path.stem.replace("-", " ").capitalize(),
                description=picture.alt,
                credit=picture.credit,
                file=ImageFile(source, name=path.name),
            )
            image.save()
        return image

    def lead_picture(self, document: fmt.Document) -> SiteImage | None:
        """Return the picture that the front matter names, if it names one."""
        facts = document.front_matter
        if "image" not in facts:
            return None
        return self.picture(
            fmt.Picture(
                file=facts["image"],
                alt=facts.get("image_alt", ""),
                credit=facts.get("image_credit", ""),
            )
        )


def body_of(
    document: fmt.Document, *, shelf: PictureShelf, offers: Sequence[CallToAction]
) -> list[BodyPart]:
    """Return a document as the blocks of a body.

    Its calls to action become the first of the `offers`, its forms the last; where there are no
    offers a call to action is left out, since there is nothing to call to.
    """
    parts: list[BodyPart] = []
    for block in document.blocks:
        match block:
            case fmt.Heading(text=text):
                parts.append(("heading", fmt.plain_text(text)))
            case fmt.Paragraph(text=text):
                parts.append(("paragraph", f"<p>{fmt.inline_html(text)}</p>"))
            case fmt.BulletList(items=items):
                parts.append(("list", [fmt.plain_text(item) for item in items]))
            case fmt.Quote(text=text, attribution=attribution):
                words = fmt.plain_text(text)
                parts.append(("quote", {"text": words, "attribution": attribution}))
            case fmt.Picture():
                picture = {"image": shelf.picture(block), "alt": block.alt, "credit": block.credit}
                parts.append(("image", picture))
            case fmt.CallToActionSlot() if offers:
                parts.append(("call_to_action", offers[0]))
            case fmt.OptInFormSlot():
                parts.append(("opt_in_form", {"call_to_action": offers[-1] if offers else None}))
    return parts
