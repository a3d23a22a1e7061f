"""The facts about the site that stand on every page."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page


@register_setting(icon="site")
class SiteSettings(BaseGenericSetting):
    """One row for the whole site; a migration makes it, so that no visit ever has to."""

    site_name = models.CharField(
        max_length=60, default="Unstuck", help_text="Stands at the top of every page."
    )
    tagline = models.CharField(
        max_length=160, blank=True, help_text="One line beside the name: what this site is for."
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
    contact_address = models.EmailField(
        "email address for readers",
        blank=True,
        help_text="Shown at the foot of every page. Left empty: no address is shown.",
    )
    about_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="the page about you",
    )
    privacy_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="the page about privacy",
        help_text="Every form links to it.",
    )
    footer_text = models.TextField(
        "at the foot of every page",
        blank=True,
        help_text="For example your postal address, which many countries ask for.",
    )

    select_related = ["about_page", "privacy_page", "coach_portrait"]
    panels = [
        MultiFieldPanel([FieldPanel("site_name"), FieldPanel("tagline")], heading="The site"),
        MultiFieldPanel(
            [
                FieldPanel("coach_name"),
                FieldPanel("coach_portrait"),
                FieldPanel("contact_address"),
            ],
            heading="You",
        ),
        MultiFieldPanel(
            [
                PageChooserPanel("about_page"),
                PageChooserPanel("privacy_page"),
                FieldPanel("footer_text"),
            ],
            heading="The foot of every page",
        ),
    ]

    class Meta:
        verbose_name = "site settings"
        verbose_name_plural = "site settings"

    def __str__(self) -> str:
        return "Site settings"
