"""Blocks that only the front door has: they show what lies behind it."""

from typing import Any

from wagtail import blocks

from cms.blocks import BEHIND, TEXT_FEATURES, PlainPageBodyBlock
from cms.models import ArticlePage

NEWEST = "newest"
CHOSEN = "chosen"
NEWEST_SHOWN = 3


class ArticleListBlock(blocks.StructBlock):
    """A few articles, either the newest or those a person chose."""

    heading = blocks.CharBlock(
        required=False, max_length=160, help_text="Stands above the articles, if you like."
    )
    mode = blocks.ChoiceBlock(
        choices=[(NEWEST, "The three newest"), (CHOSEN, "Those I choose below")],
        default=NEWEST,
        label="Which articles",
    )
    articles = blocks.ListBlock(
        blocks.PageChooserBlock("cms.ArticlePage", label="Article"),
        default=[],
        required=False,
        label="My choice",
        help_text="In the order in which they should stand. An article that is not public yet "
        "is left out until it is.",
    )

    def get_context(
        self, value: Any, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add `articles`: those that anybody may read, in order."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["articles"] = shown_articles(value)
        return context

    class Meta:
        icon = "doc-full"
        label = "Articles"
        group = BEHIND
        template = "home/blocks/article_list.html"
        preview_value = {"heading": "Newest letters", "mode": NEWEST, "articles": []}
        description = "The newest articles, or a few that you choose."


class TestimonialsBlock(blocks.StructBlock):
    """What people have said; only what they really did."""

    heading = blocks.CharBlock(required=False, max_length=160)
    note = blocks.TextBlock(
        required=False, rows=2, help_text="For example how you asked, or that names are changed."
    )
    testimonials = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("text", blocks.TextBlock(label="What they said", rows=3)),
                ("name", blocks.CharBlock(label="Who said it", required=False, max_length=120)),
            ],
            label="Testimonial",
        ),
        label="Testimonials",
    )

    class Meta:
        icon = "group"
        label = "Testimonials"
        group = BEHIND
        template = "home/blocks/testimonials.html"
        preview_value = {
            "heading": "What people have said",
            "testimonials": [{"text": "She asked a question I still live off.", "name": "R. T."}],
        }
        description = "What people have said about working with you."


class CoachBlock(blocks.StructBlock):
    """Who the coach is; name and portrait are kept in the site settings."""

    heading = blocks.CharBlock(required=False, max_length=160)
    text = blocks.RichTextBlock(features=TEXT_FEATURES)
    link_label = blocks.CharBlock(
        max_length=60,
        default="More about me",
        help_text="Leads to the page about you that the site settings name.",
    )

    class Meta:
        icon = "user"
        label = "Who you are"
        group = BEHIND
        template = "home/blocks/coach.html"
        preview_value = {
            "heading": "Who is writing here",
            "text": "<p>I have sat with couples for twenty years, and mostly with one of two.</p>",
            "link_label": "More about me",
        }
        description = "Your portrait and name, and a few sentences of yours."


class HomeBodyBlock(PlainPageBodyBlock):
    """What the home page and landing pages are made of."""

    coach = CoachBlock()
    article_list = ArticleListBlock()
    testimonials = TestimonialsBlock()


def shown_articles(value: Any) -> list[ArticlePage]:
    """Return the articles that a list with this value shows to anybody, in one go."""
    public = ArticlePage.objects.anyone_may_read().for_lists()
    if value.get("mode") != CHOSEN:
        return list(public.newest_first()[:NEWEST_SHOWN])
    wanted = [page.pk for page in value.get("articles") or [] if page is not None]
    found = {article.pk: article for article in public.filter(pk__in=wanted)}
    return [found[pk] for pk in wanted if pk in found]
