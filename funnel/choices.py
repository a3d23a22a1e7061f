"""Every status word of the funnel, once."""

from django.db.models import TextChoices


class LeadStage(TextChoices):
    """How far one address has come; only services write it."""

    PENDING = "pending", "Waiting for confirmation"
    CONFIRMED = "confirmed", "Confirmed"
    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    BOUNCED = "bounced", "Mail bounces"
    COMPLAINED = "complained", "Complained about mail"


class ConsentStep(TextChoices):
    """The double opt-in's two steps, and the way out."""

    REQUESTED = "requested", "Agreed on the form"
    CONFIRMED = "confirmed", "Confirmed by the link in the mail"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ConsentMode(TextChoices):
    """How the form asks, decided once for the site."""

    ONE_PROMISE = "one_promise", "One promise: the videos, and now and then a letter"
    SEPARATE_LETTERS = "separate_letters", "The videos, and a separate box for the letters"


class SuppressionReason(TextChoices):
    """Why nobody may be mailed at an address."""

    UNSUBSCRIBED = "unsubscribed", "Unsubscribed"
    BOUNCED = "bounced", "Mail bounced"
    COMPLAINED = "complained", "Complained"
    ERASED = "erased", "Erased on request"


class CallToActionGoal(TextChoices):
    """What a call to action leads to."""

    OPT_IN = "opt_in", "Ask for the free videos"
    CALL_REQUEST = "call_request", "Ask for a conversation"
    LINK = "link", "Open another page"


class OutboxKind(TextChoices):
    """What still has to reach the outside."""

    OPT_IN_MAIL = "opt_in_mail", "The mail that answers an opt-in"
    VIDEOS_MAIL = "videos_mail", "The mail with the link to the videos"
    MEMBER = "member", "This lead's state in the mail service"
    ERASURE = "erasure", "Erasing everything about this person"


class OutboxState(TextChoices):
    """Where one outbox entry stands."""

    PENDING = "pending", "Waiting"
    IN_FLIGHT = "in_flight", "Being delivered"
    DELIVERED = "delivered", "Delivered"
    NOT_NEEDED = "not_needed", "No longer needed"
    NEEDS_ATTENTION = "needs_attention", "Needs attention"


class AttemptOutcome(TextChoices):
    """What one attempt to reach the outside came to."""

    DELIVERED = "delivered", "Delivered"
    NOT_NEEDED = "not_needed", "Nothing to send"
    RETRY = "retry", "Will be tried again"
    PARKED = "parked", "Needs a person"


class LinkPurpose(TextChoices):
    """What a private link may do; a link for one purpose is refused for another."""

    CONFIRM = "confirm", "Confirm an opt-in"
    VIDEOS = "videos", "Open the videos"
    LEAVE = "leave", "Leave"
