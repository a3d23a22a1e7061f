"""What the owner of a site decides about the funnel, in the admin."""

from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from funnel.choices import ConsentMode, SequenceOwner

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
    neutral_sender_name = models.CharField(
        "the name that says little",
        max_length=80,
        blank=True,
        help_text="True, but of no interest to somebody who looks over a shoulder: your initials, "
        "or the name your business is registered under. People choose on the form. Left empty: "
        "nobody is asked, and every mail comes under the name above.",
    )
    neutral_sender_address = models.EmailField(
        blank=True, help_text="An address at your own domain. Left empty: the address above."
    )
    legal_name = models.CharField(
        max_length=160, blank=True, help_text="Who answers for this site; stands in every mail."
    )
    postal_address = models.CharField(
        max_length=300,
        blank=True,
        help_text="In one line; the law of many countries wants it in every mail.",
    )
    privacy_page = models.CharField(
        "address of the privacy page",
        max_length=300,
        blank=True,
        help_text="For example /privacy/. Linked from every form and mail.",
    )
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        help_text="Where most of your readers live, for example America/New_York. Mails go out "
        "between nine and five there, where a reader’s own zone is unknown.",
    )
    sequence_owner = models.CharField(
        "who sends the mails that follow",
        max_length=20,
        choices=SequenceOwner.choices,
        default=SequenceOwner.HERE,
    )
    offers_video_without_mail = models.BooleanField(
        "offer the first video without an address",
        default=True,
        help_text="Under the form: “Not a safe moment for email? Watch the first video here.”",
    )
    coach_address = models.EmailField(
        "where requests for a call go",
        blank=True,
        help_text="Left empty: nobody is told by mail, and you look at the list in the admin.",
    )
    booking_url = models.URLField(
        "your booking page",
        blank=True,
        help_text="Where people choose a time themselves, if anywhere.",
    )
    unconfirmed_days = models.PositiveSmallIntegerField(
        "days until an unconfirmed lead is removed",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    retention_months = models.PositiveSmallIntegerField(
        "months until a lead without a sign of life is removed",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="Counted from the last thing a person did: an opt-in, a video, a request. What "
        "is about to go is listed under Funnel, Retention.",
    )
    mail_host = models.CharField(
        "who carries the mails",
        max_length=160,
        blank=True,
        help_text="The company whose server sends your mails, for the privacy page.",
    )
    alert_address = models.EmailField(
        "who is told when something is wrong", blank=True, help_text="Usually your engineer."
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
            [
                FieldPanel("sender_name"),
                FieldPanel("sender_address"),
                FieldPanel("neutral_sender_name"),
                FieldPanel("neutral_sender_address"),
            ],
            heading="Who the mails are from",
        ),
        MultiFieldPanel(
            [
                FieldPanel("series"),
                FieldPanel("offers_video_without_mail"),
                FieldPanel(
                    "sequence_owner",
                    help_text="This site: as you word them under Funnel, Mails that follow; after "
                    "the last one the member gets the tag “series-finished”. Mailchimp: ours are "
                    "off, and each member carries the field VIDEOSLINK, a link to the videos. Then "
                    "marketing builds three journeys that start with the tag of the series: the "
                    "next video, one reminder, and the invitation to talk.",
                ),
                FieldPanel("time_zone"),
            ],
            heading="Videos and the mails that follow",
        ),
        MultiFieldPanel(
            [FieldPanel("coach_address"), FieldPanel("booking_url")], heading="Conversations"
        ),
        MultiFieldPanel(
            [
                FieldPanel("legal_name"),
                FieldPanel("postal_address"),
                FieldPanel("privacy_page"),
                FieldPanel("mail_host"),
                FieldPanel("unconfirmed_days"),
                FieldPanel("retention_months"),
                FieldPanel("alert_address"),
            ],
            heading="Law and order",
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
        if self.time_zone and self.time_zone not in available_timezones():
            raise ValidationError(
                {"time_zone": "This is no time zone. Write it like America/New_York."}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the wording in force: a page cached under it may be sent in much later."""
        super().save(*args, **kwargs)
        ConsentWording.objects.get_or_create(
            digest=ConsentWording.digest_of(**self.wording),
            defaults={**self.wording, "first_used_at": timezone.now()},
        )
