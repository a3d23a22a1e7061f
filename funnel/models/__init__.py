"""The facts the funnel keeps. Services write them, queries read them."""

from .consents import Consent, ConsentWording, PrivateLink, Suppression
from .content import (
    CallToAction,
    CallToActionVariant,
    InvitationWords,
    StuckCycle,
    Video,
    VideoSeries,
)
from .leads import ErasurePermit, Lead
from .opt_ins import OptIn
from .outbox import MemberRecord, OutboxEntry, SyncAttempt
from .segments import Segment
from .settings import FunnelSettings

__all__ = [
    "CallToAction",
    "CallToActionVariant",
    "Consent",
    "ConsentWording",
    "ErasurePermit",
    "FunnelSettings",
    "InvitationWords",
    "Lead",
    "MemberRecord",
    "OptIn",
    "OutboxEntry",
    "PrivateLink",
    "Segment",
    "StuckCycle",
    "Suppression",
    "SyncAttempt",
    "Video",
    "VideoSeries",
]
