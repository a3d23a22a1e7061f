"""Pictures, which never go without the name of who made them."""

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class SiteImage(AbstractImage):
    """A picture with its credit."""

    credit = models.CharField(
        max_length=255,
        blank=True,
        help_text="Who made it and where it is from, for example “Photo by Ada Sample on "
        "Unsplash”. It is shown wherever the picture is.",
    )

    admin_form_fields = (*Image.admin_form_fields, "credit")


class SiteRendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition"
            )
        ]
