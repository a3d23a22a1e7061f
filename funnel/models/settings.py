"""What the owner of a site decides about the funnel, in the admin."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from funnel.choices import ConsentMode

from .consents import ConsentWording
from .content import VideoSeries

ONE_PROMISE = (
    "By pressing the button you agree that {sender} sends you three free five-minute videos by "
    "email, one mail to confirm and one with the videos, and then a letter about twice a month. "
    "Our mail service is Mailchimp in the USA: once you have confirmed, it receives your address, "
    "your first name, and the pattern you chose above. Every letter has a link to leave."
)
VIDEOS_PROMISE = (
    "By pressing the button you agree that {sender} sends you three free five-minute videos by "
    "email: one mail to confirm, and one with the videos. Your address goes to nobody else."
)
LETTERS_LABEL = (
    "I would also like a letter from {sender}, about twice a month. Letters are sent through "
    "Mailchimp in the USA, which then receives my address, my first name, and the pattern I chose "
    "above. I can stop them with one press."
)


@register_setting(icon="mail")
class FunnelSettings(BaseGenericSetting):
    """One row for the whole site; `FunnelSettings.load()` reads it."""

    sender_name = models.CharField(
        "who the mails are from",
        max_length=80,
        default="Unstuck",
        help_text="The name a person sees in the list of mails. Choose one that says nothing about "
        "marriage to somebody who looks over a shoulder.",
    )
    sender_address = models.EmailField(
        blank=True, help_text="Left empty: the address your engineer has set up."
    )
    series = models.ForeignKey(
        VideoSeries,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="the free videos",
        help_text="What an opt-in gets where its call to action does not say otherwise.",
    )
    consent_mode = models.CharField(
        "how the form asks",
        max_length=20,
        choices=ConsentMode.choices,
        default=ConsentMode.ONE_PROMISE,
    )
    one_promise = models.TextField(
        "the promise (videos and letters)",
        default=ONE_PROMISE,
        help_text="Shown above the button. {sender} becomes the name above. Say what they get, how "
        "often, from whom, and that the mail service is Mailchimp in the USA.",
    )
    videos_promise = models.TextField(
        "the promise (videos only)",
        default=VIDEOS_PROMISE,
        help_text="Shown above the button where the letters have a box of their own.",
    )
    letters_label = models.TextField(
        "beside the box for the letters",
        default=LETTERS_LABEL,
        help_text="The box is never ticked beforehand. Without it nothing goes to Mailchimp.",
    )
    coaches_read_leads = models.BooleanField(
        "coaches may read leads",
        default=True,
        help_text="They never change or export any.",
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("sender_name"), FieldPanel("sender_address"), FieldPanel("series")],
            heading="Mails and videos",
        ),
        MultiFieldPanel(
            [
                FieldPanel("consent_mode"),
                FieldPanel("one_promise"),
                FieldPanel("videos_promise"),
                FieldPanel("letters_label"),
            ],
            heading="What a person agrees to",
        ),
        FieldPanel("coaches_read_leads", permission="funnel.change_lead_access"),
    ]

    class Meta:
        verbose_name = "funnel settings"
        permissions = [("change_lead_access", "Can decide whether coaches read leads")]

    def __str__(self) -> str:
        return "Funnel settings"

    @property
    def wording(self) -> dict[str, str]:
        """The words the form shows now, as the fields of a `ConsentWording`."""
        if self.consent_mode == ConsentMode.ONE_PROMISE:
            promise, letters_label = self.one_promise, ""
        else:
            promise, letters_label = self.videos_promise, self.letters_label
        return {
            "mode": str(self.consent_mode),
            "promise": promise.replace("{sender}", self.sender_name),
            "letters_label": letters_label.replace("{sender}", self.sender_name),
        }

    def clean(self) -> None:
        """A promise without words would be no consent at all."""
        for name in ("one_promise", "videos_promise", "letters_label"):
            if not getattr(self, name).strip():
                raise ValidationError({name: "Write what a person agrees to; it can’t be empty."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the wording in force: a page cached under it may be sent in much later."""
        super().save(*args, **kwargs)
        ConsentWording.objects.get_or_create(
            digest=ConsentWording.digest_of(**self.wording),
            defaults={**self.wording, "first_used_at": timezone.now()},
        )
