"""The facts about the site that stand on every page."""

from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import NavigationBlock, SocialLinksBlock
from cms.palettes import DEFAULT, palette_choices

# A page nobody has to explain, on a site that is quick everywhere.
QUICK_EXIT_URL = "https://www.bbc.com/weather"
SUPPORT_HEADING = "If you are afraid of your partner"
SUPPORT_TEXT = (
    "Then this is not your pattern to break. Fear is not a misunderstanding between two people, "
    "and nothing on this site is meant to help you put up with it.\n\n"
    "The people below listen, in confidence, and know what can be done. Coaching is neither "
    "therapy nor a crisis service."
)


def _page(name: str, *, help_text: str = "") -> models.ForeignKey:
    return models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=name,
        help_text=help_text,
    )


@register_setting(icon="site")
class SiteSettings(BaseGenericSetting):
    """One row for the whole site; a migration makes it, so that no visit ever has to."""

    site_name = models.CharField(
        max_length=60, default="Unstuck", help_text="Stands at the top of every page."
    )
    tagline = models.CharField(
        max_length=160, blank=True, help_text="One line beside the name: what this site is for."
    )
    palette = models.CharField(
        "colors",
        max_length=40,
        default=DEFAULT,
        choices=palette_choices,
        help_text="Each comes light and dark; a reader’s device decides which of the two.",
    )
    coach_name = models.CharField(
        "your name", max_length=80, blank=True, help_text="As readers should know you."
    )
    coach_portrait = models.ForeignKey(
        "cms.SiteImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="your portrait",
    )
    coach_summary = models.TextField(
        "you in two sentences",
        blank=True,
        help_text="Stands beside your portrait, under every article.",
    )
    contact_address = models.EmailField(
        "email address for readers",
        blank=True,
        help_text="Shown at the foot of every page. Left empty: no address is shown.",
    )
    booking_url = models.URLField(
        "booking page",
        blank=True,
        help_text="Where a reader finds a time to talk. Left empty: “Let’s talk” opens a mail.",
    )
    social_links = StreamField(
        SocialLinksBlock(),
        blank=True,
        verbose_name="elsewhere",
        help_text="Plain links at the foot of every page; nothing is loaded from there.",
    )

    main_navigation = StreamField(
        NavigationBlock(),
        blank=True,
        verbose_name="menu",
        help_text="Left empty: the pages below the first one that are marked “show in menus”.",
    )
    footer_navigation = StreamField(
        NavigationBlock(),
        blank=True,
        verbose_name="menu at the foot",
        help_text="Left empty: the pages named below.",
    )
    about_page = _page("the page about you")
    contact_page = _page("the page about contact")
    privacy_page = _page("the page about privacy", help_text="Every form links to it.")
    safety_page = _page(
        "the page about reading safely",
        help_text="What stays in a browser’s history, and how to read here without a trace. "
        "The way out that stands on every page links to it.",
    )
    videos_page = _page(
        "the page for the free videos",
        help_text="Where links to the videos lead. Left empty: to the form alone.",
    )
    footer_text = models.TextField(
        "at the foot of every page",
        blank=True,
        help_text="For example your postal address, which many countries ask for.",
    )

    quick_exit_enabled = models.BooleanField(
        "a quick way out on every page",
        default=True,
        help_text="A button that leaves this site at once, for a reader whose partner comes in.",
    )
    quick_exit_url = models.URLField(
        "where it leads",
        default=QUICK_EXIT_URL,
        help_text="A page nobody has to explain, such as a weather forecast.",
    )
    neutral_tabs = models.BooleanField(
        "say nothing in the browser’s tab",
        default=False,
        help_text="Tab, bookmark and link preview then show the words below and a plain sign "
        "instead of the title. Search engines show them, too: fewer people will find you there.",
    )
    neutral_title = models.CharField(
        "what the tab says instead", max_length=60, default="Reading list"
    )
    support_heading = models.CharField(
        "heading above the signposts", max_length=160, default=SUPPORT_HEADING
    )
    support_text = models.TextField("words above the signposts", default=SUPPORT_TEXT)

    select_related: ClassVar[list[str]] = [
        "about_page",
        "contact_page",
        "privacy_page",
        "safety_page",
        "videos_page",
        "coach_portrait",
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("site_name"),
                    FieldPanel("tagline"),
                    FieldPanel("palette"),
                    MultiFieldPanel(
                        [
                            FieldPanel("coach_name"),
                            FieldPanel("coach_portrait"),
                            FieldPanel("coach_summary"),
                            FieldPanel("contact_address"),
                            FieldPanel("booking_url"),
                            FieldPanel("social_links"),
                        ],
                        heading="You",
                    ),
                ],
                heading="The site and you",
            ),
            ObjectList(
                [
                    FieldPanel("main_navigation"),
                    FieldPanel("footer_navigation"),
                    FieldPanel("footer_text"),
                    MultiFieldPanel(
                        [
                            FieldPanel("about_page"),
                            FieldPanel("videos_page"),
                            FieldPanel("contact_page"),
                            FieldPanel("privacy_page"),
                            FieldPanel("safety_page"),
                        ],
                        heading="Pages the site leads to",
                    ),
                ],
                heading="Menus",
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [FieldPanel("quick_exit_enabled"), FieldPanel("quick_exit_url")],
                        heading="The quick way out",
                    ),
                    MultiFieldPanel(
                        [FieldPanel("neutral_tabs"), FieldPanel("neutral_title")],
                        heading="Over somebody’s shoulder",
                    ),
                    MultiFieldPanel(
                        [FieldPanel("support_heading"), FieldPanel("support_text")],
                        heading="Where help is",
                        help_text="Stands above the signposts, whose countries and numbers are "
                        "under Snippets.",
                    ),
                ],
                heading="Safety",
            ),
        ]
    )

    class Meta:
        verbose_name = "site settings"
        verbose_name_plural = "site settings"

    def __str__(self) -> str:
        return "Site settings"
