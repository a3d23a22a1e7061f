"""The components, sorted under a few headings, each in the states it can be in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string

from funnel.blocks import CallToActionBlock, opt_in_form
from home.blocks import HomeBodyBlock

from . import samples
from .pages import refused_form


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """One component in one state."""

    title: str
    html: str
    block: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A page of specimens."""

    title: str
    specimens: Callable[[HttpRequest], Iterator[Specimen]]


def _block(request: HttpRequest, title: str, name: str, value: Any = None) -> Specimen:
    """Show a block of a page's body, by its preview unless a value is given."""
    block = HomeBodyBlock().child_blocks[name]
    if value is None:
        value = block.get_preview_value()
    elif not isinstance(block, CallToActionBlock):
        value = block.normalize(value)
    context = {"bound_block": block.bind(value)}
    html = render_to_string("styleguide/block.html", context, request)
    return Specimen(title=title, html=html, block=name)


def _template(request: HttpRequest, title: str, template: str, **context: Any) -> Specimen:
    return Specimen(title=title, html=render_to_string(template, context, request))


def _forms(request: HttpRequest) -> Iterator[Specimen]:
    empty = opt_in_form(call_to_action=None, parent_context={"request": request})
    filled = opt_in_form(call_to_action=None, parent_context={"request": request})
    chosen = samples.cycles(request)[0].code
    filled.initial.update(email=samples.ADDRESS, first_name="Anna", cycle=chosen)
    name = "funnel/blocks/form.html"
    yield _template(request, "The form, empty", name, opt_in_form=empty)
    yield _template(request, "Filled in", name, opt_in_form=filled)
    yield _template(request, "Come back with errors", name, opt_in_form=refused_form(request))
    yield _template(request, "Buttons and links", "styleguide/buttons.html")


def _invitations(request: HttpRequest) -> Iterator[Specimen]:
    yield _block(request, "An invitation", "call_to_action", samples.call_to_action())
    bare = samples.call_to_action(eyebrow="", offer_line="", points_heading="", points="")
    yield _block(request, "With nothing but a heading", "call_to_action", bare)
    long = samples.call_to_action(heading=samples.LONGEST_WORD, points=samples.LONGEST_WORD)
    yield _block(request, "With the longest word", "call_to_action", long)
    varied = samples.call_to_action_with_variants(request)
    yield _block(request, "With other words for a cycle", "call_to_action", varied)
    link = samples.call_to_action(
        goal="link", link_url="https://example.test/", button_label="Read on"
    )
    yield _block(request, "One that leads to a page", "call_to_action", link)
    yield _block(request, "The form alone", "opt_in_form")
    yield _block(request, "Which of these sounds like you?", "cycles")
    yield _block(request, "Let’s talk", "lets_talk")


def _text(request: HttpRequest) -> Iterator[Specimen]:
    image = samples.picture()
    yield _block(request, "A heading", "heading")
    yield _block(request, "The longest word in a heading", "heading", samples.LONGEST_WORD)
    yield _block(request, "A paragraph", "paragraph")
    yield _block(request, "A list", "list")
    yield _block(request, "A quotation", "quote")
    yield _block(request, "A passage with variants", "variants")
    if image is not None:
        shown = {"image": image, "alt": "", "credit": "", "caption": "A caption below it."}
        yield _block(request, "A picture", "image", shown)
    awaited = {"image": None, "alt": "", "credit": "Photo by Bea Sample", "caption": ""}
    yield _block(request, "A picture that is still to come", "image", awaited)
    yield _block(request, "A video elsewhere", "outside_video")
    yield _block(request, "Questions and answers", "faq")
    yield _block(request, "Where help is", "support_signpost")
    yield _block(request, "How long things are kept", "privacy_facts")
    yield _block(request, "How to write to me", "contact")
    yield _block(request, "Who is writing", "coach")
    yield _block(request, "What people said", "testimonials")


def _lists(request: HttpRequest) -> Iterator[Specimen]:
    image = samples.picture()
    mixed = [
        samples.article("The minute before the shouting", image=image),
        samples.article("An article without a picture"),
        samples.article(samples.LONGEST_WORD, image=image, teaser=samples.LONGEST_WORD),
    ]
    plain = [samples.article(f"An article without a picture, {number}") for number in range(2)]
    cards = "styleguide/cards.html"
    yield _template(request, "Cards, with and without a picture", cards, articles=mixed)
    yield _template(request, "Cards, none with a picture", cards, articles=plain)
    yield _block(request, "The newest articles", "article_list")
    yield _template(request, "The newest first", cards, articles=mixed, lead=True)
    yield _template(
        request,
        "Pages of a list",
        "includes/pagination.html",
        pages=Paginator(range(30), 10).page(2),
        label="Pages of articles",
        newer="Newer articles",
        older="Older articles",
    )
    yield _template(
        request,
        "The videos before anybody has asked",
        "home/includes/episodes.html",
        videos=samples.videos(),
    )


def _around(request: HttpRequest) -> Iterator[Specimen]:
    experience = samples.cycles(request)[0].experience
    yield _template(
        request,
        "The note of a chosen cycle",
        "styleguide/chosen_cycle.html",
        experience=experience,
    )
    yield _template(request, "Contents", "cms/includes/contents.html", contents=samples.headings())
    yield _template(request, "Topics", "cms/includes/topics.html", topics=samples.topics())
    yield _template(
        request,
        "Who wrote it",
        "cms/includes/author.html",
        facts=samples.dressed(request),
    )
    yield _template(
        request,
        "What came before and after",
        "cms/includes/neighbours.html",
        earlier=samples.article("The minute before the shouting"),
        later=samples.article(samples.LONGEST_WORD),
    )
    yield _template(request, "The search", "includes/search_form.html", query="marri")


SECTIONS = {
    "form": Section(title="The form", specimens=_forms),
    "invitations": Section(title="Invitations", specimens=_invitations),
    "text": Section(title="What a page is made of", specimens=_text),
    "lists": Section(title="Lists", specimens=_lists),
    "around": Section(title="Around an article", specimens=_around),
}
