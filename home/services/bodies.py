"""Turns the texts kept in files into the bodies and pictures of pages."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile

from cms.models import ArticlePage, SiteImage
from funnel.models import CallToAction
from home.blocks import CHOSEN, NEWEST
from home.demo import content_format as fmt

BodyPart = tuple[str, Any]


class PictureShelf:
    """Pictures in a folder, taken into the site's library when a page first needs one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def picture(self, picture: fmt.Picture) -> SiteImage:
        """Return the library's picture with exactly this content, added where it is missing."""
        path = self._folder / picture.file
        file_hash = hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
        found = SiteImage.objects.filter(file_hash=file_hash).first()
        if found is not None:
            return found
        with path.open("rb") as source:
            image = SiteImage(
                title=path.stem.replace("-", " ").capitalize(),
                description=picture.alt,
                credit=picture.credit,
                file=ImageFile(source, name=path.name),
                file_hash=file_hash,
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

    A call to action is the offer that the document names, else the first of the `offers`; a form
    alone is the last one's. Where there are no offers a call to action is left out, since there is
    nothing to call to.
    """
    parts: list[BodyPart] = []
    for block in document.blocks:
        match block:
            case fmt.Variants(usual=usual, others=others):
                variants = [
                    {"cycle": code, "passage": [_passage(each, shelf=shelf) for each in passage]}
                    for code, passage in others
                ]
                usual_words = [_passage(each, shelf=shelf) for each in usual]
                parts.append(("variants", {"default": usual_words, "variants": variants}))
            case fmt.Slot(name=fmt.CALL_TO_ACTION) if not offers:
                continue
            case fmt.Slot(name=fmt.CALL_TO_ACTION):
                named = [offer for offer in offers if offer.name == block.first("name")]
                parts.append((fmt.CALL_TO_ACTION, named[0] if named else offers[0]))
            case fmt.Slot(name=fmt.OPT_IN_FORM):
                offer = offers[-1] if offers else None
                parts.append((fmt.OPT_IN_FORM, {"call_to_action": offer}))
            case fmt.Slot(name=name):
                parts.append((name, _told(block)))
            case _:
                parts.append(_passage(block, shelf=shelf))
    return parts


def articles_by_slug(slugs: Sequence[str]) -> list[ArticlePage]:
    """Return the articles of these slugs that there are, in this order."""
    found = {page.slug: page for page in ArticlePage.objects.filter(slug__in=slugs)}
    return [found[slug] for slug in slugs if slug in found]


def _passage(block: fmt.Passage, *, shelf: PictureShelf) -> BodyPart:
    match block:
        case fmt.Heading(text=text):
            return "heading", fmt.plain_text(text)
        case fmt.Paragraph(text=text):
            return "paragraph", _rich(text)
        case fmt.BulletList(items=items):
            return "list", [fmt.plain_text(item) for item in items]
        case fmt.Quote(text=text, attribution=attribution):
            return "quote", {"text": fmt.plain_text(text), "attribution": attribution}
        case fmt.Picture():
            picture = {"image": shelf.picture(block), "alt": block.alt, "credit": block.credit}
            return "image", picture


def _rich(text: str) -> str:
    return f"<p>{fmt.inline_html(text)}</p>"


def _told(slot: fmt.Slot) -> Any:
    """What the block of this slot keeps."""
    match slot.name:
        case "support_signpost" | "privacy_facts":
            return None
        case "coach":
            text = "".join(_rich(each) for each in slot.each("text"))
            label = {"link_label": slot.first("link_label")} if slot.first("link_label") else {}
            return {"heading": slot.first("heading"), "text": text, **label}
        case "article_list":
            chosen = slot.each("article")
            return {
                "heading": slot.first("heading"),
                "mode": CHOSEN if chosen else NEWEST,
                "articles": articles_by_slug(chosen),
            }
        case "testimonials":
            said = [{"text": text, "name": ""} for text in slot.each("text")]
            for testimonial, name in zip(said, slot.each("name"), strict=False):
                testimonial["name"] = name
            return {
                "heading": slot.first("heading"),
                "note": slot.first("note"),
                "testimonials": said,
            }
        case "faq":
            questions = [
                {"question": question, "answer": _rich(answer)}
                for question, answer in zip(slot.each("question"), slot.each("answer"), strict=True)
            ]
            return {"heading": slot.first("heading"), "questions": questions}
        case _:
            return {name: fmt.plain_text(value) for name, value in slot.fields}
