"""The facts the funnel keeps. Services write them, queries read them."""

from .assessments import (
    AnswerWeight,
    Assessment,
    AssessmentAnswer,
    AssessmentQuestion,
    AssessmentResult,
    AssessmentVersion,
)
from .consents import Consent, ConsentWording, PrivateLink, Suppression
from .content import (
    CallToAction,
    CallToActionVariant,
    InvitationWords,
    StuckCycle,
    Video,
    VideoSeries,
)
from .conversations import CallRequest
from .leads import CycleStatement, ErasurePermit, Lead
from .limits import LimitCount
from .opt_ins import OptIn
from .outbox import MemberRecord, OutboxEntry, SyncAttempt
from .segments import Segment
from .sequence import SequenceMail
from .settings import FunnelSettings
from .watching import SeriesRun, VideoProgress

__all__ = [
    "AnswerWeight",
    "Assessment",
    "AssessmentAnswer",
    "AssessmentQuestion",
    "AssessmentResult",
    "AssessmentVersion",
    "CallRequest",
    "CallToAction",
    "CallToActionVariant",
    "Consent",
    "ConsentWording",
    "CycleStatement",
    "ErasurePermit",
    "FunnelSettings",
    "InvitationWords",
    "Lead",
    "LimitCount",
    "MemberRecord",
    "OptIn",
    "OutboxEntry",
    "PrivateLink",
    "Segment",
    "SequenceMail",
    "SeriesRun",
    "StuckCycle",
    "Suppression",
    "SyncAttempt",
    "Video",
    "VideoProgress",
    "VideoSeries",
]
