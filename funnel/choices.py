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
    NEXT_VIDEO_MAIL = "next_video_mail", "The mail about the next video"
    NUDGE_MAIL = "nudge_mail", "The one reminder of a video not yet watched"
    INVITATION_MAIL = "invitation_mail", "The invitation to talk, after the videos"
    MY_DATA_MAIL = "my_data_mail", "The fresh link to what is kept about a person"
    CALL_CONFIRM_MAIL = "call_confirm_mail", "The mail that asks to confirm a request for a call"
    CALL_REQUEST_MAIL = "call_request_mail", "The mail that tells the coach of a request for a call"
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
    LEAVE = "leave", "Leave, pause, or ask for a fresh link"
    MY_DATA = "my_data", "See, change or erase what is kept: once, within half an hour"
    CALL = "call", "Confirm a request for a call"


class SenderChoice(TextChoices):
    """How a person wants our mails to show up in a list of mails."""

    COACH = "coach", "Under the coach’s name"
    NEUTRAL = "neutral", "Under a name that says little"


class ReleaseRule(TextChoices):
    """When the videos of a series open, one after another."""

    ALL_AT_ONCE = "all_at_once", "All at once"
    A_DAY_APART = "a_day_apart", "One a day"
    AFTER_THE_ONE_BEFORE = "after_the_one_before", "Each after the one before it was watched"


class SequenceMailKind(TextChoices):
    """The mails that follow the first one; each goes out at most once a person (and video)."""

    NEXT_VIDEO = "next_video", "The next video is open"
    NUDGE = "nudge", "One reminder, if nothing was watched"
    INVITATION = "invitation", "An invitation to talk, at the end"


class SequenceOwner(TextChoices):
    """Who sends the mails that follow: each mail has one owner."""

    HERE = "here", "This site sends them"
    MAILCHIMP = "mailchimp", "Mailchimp sends them, in journeys that marketing builds"


class CycleSource(TextChoices):
    """How we came to know of somebody’s cycle."""

    STATED = "stated", "Chosen on a form"
    ASSESSED = "assessed", "The questionnaire’s answer"
    CHANGED = "changed", "Changed by the person later"


class CallRequestState(TextChoices):
    """How far a request for a conversation has come."""

    NEW = "new", "New"
    ANSWERED = "answered", "Answered"
    MET = "met", "Met"
    CLOSED = "closed", "Closed"


class ContactWay(TextChoices):
    """How the coach may get in touch about a call."""

    EMAIL = "email", "By email"
    PHONE = "phone", "By phone"
