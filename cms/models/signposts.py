"""Where help is for somebody who is afraid of the partner, country by country."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable

phone_number = RegexValidator(
    r"^[0-9+][0-9 ().-]{1,28}$",
    "Write a number that can be dialed, with digits, spaces and hyphens only.",
)


def telephone_link(number: str) -> str:
    """Return a number as a `tel:` address wants it (RFC 3966): digits, perhaps after a plus."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return f"tel:{'+' if number.startswith('+') else ''}{digits}" if digits else ""


class SupportSignpost(ClusterableModel):
    """One country’s places of help; the words above all of them are in the site settings."""

    country = models.CharField(
        max_length=80, unique=True, help_text="As its readers call it: “United States”."
    )
    emergency_number = models.CharField(
        max_length=30,
        blank=True,
        validators=[phone_number],
        help_text="For when somebody is in danger now.",
    )
    note = models.TextField(
        blank=True, help_text="A sentence for readers in this country, if one is needed."
    )
    sort_order = models.PositiveSmallIntegerField(
        "position", default=0, help_text="The first one stands open; the others open on a press."
    )

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("country"), FieldPanel("emergency_number")]),
        FieldPanel("note"),
        FieldPanel("sort_order"),
        InlinePanel("places", heading="Places of help, in this order", label="Place", min_num=0),
    ]

    class Meta:
        ordering = ("sort_order", "country")
        verbose_name = "signpost to help"
        verbose_name_plural = "signposts to help"

    def __str__(self) -> str:
        return self.country

    @property
    def emergency_link(self) -> str:
        """The emergency number as a press on it dials it."""
        return telephone_link(self.emergency_number)


class SupportPlace(Orderable):
    """One place somebody can turn to."""

    signpost = ParentalKey(SupportSignpost, related_name="places", on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=30, blank=True, validators=[phone_number])
    website = models.URLField(blank=True)
    note = models.CharField(
        max_length=200, blank=True, help_text="For example when it is open, and for whom it is."
    )

    panels: ClassVar = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("website")]),
        FieldPanel("note"),
    ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_link(self) -> str:
        """The number as a press on it dials it."""
        return telephone_link(self.phone)
