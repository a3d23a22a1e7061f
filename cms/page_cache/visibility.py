"""Which models a visitor can see something of; a test wants every installed model in one list.

What is in no list counts as seen: a forgotten model costs speed, and never a stale page.
"""

# Every change to a row of these begins a new generation.
SEEN = frozenset(
    {
        "home.HomePage",
        "home.LandingPage",
        "cms.ArticleIndexPage",
        "cms.ArticlePage",
        "cms.ArticlePage_topics",
        "cms.CyclePage",
        "cms.SiteImage",
        "cms.SiteSettings",
        "cms.StandardPage",
        "cms.SupportPlace",
        "cms.SupportSignpost",
        "cms.Topic",
        "funnel.Assessment",
        "funnel.AssessmentVersion",
        "funnel.CallToAction",
        "funnel.CallToActionVariant",
        "funnel.FunnelSettings",
        "funnel.StuckCycle",
        "funnel.Video",
        "funnel.VideoSeries",
        "taggit.Tag",
        "taggit.TaggedItem",
        "wagtailcore.Collection",
        "wagtailcore.CollectionViewRestriction",
        "wagtailcore.CollectionViewRestriction_groups",
        "wagtailcore.Locale",
        "wagtailcore.Page",
        "wagtailcore.PageViewRestriction",
        "wagtailcore.PageViewRestriction_groups",
        "wagtailcore.Site",
        "wagtaildocs.Document",
        "wagtailimages.Image",
        "wagtailredirects.Redirect",
        "wagtailsearchpromotions.SearchPromotion",
    }
)

# A page being rendered adds rows of these, which shows nowhere else; taking them away shows.
ADDED_BY_RENDERING = frozenset(
    {
        "cms.SiteRendition",
        "wagtailembeds.Embed",
        "wagtailimages.Rendition",
    }
)

# Nobody without a login or a private link sees anything of these, and such answers are not kept.
UNSEEN = frozenset(
    {
        "account.EmailAddress",
        "account.EmailConfirmation",
        "auth.Group",
        "auth.Group_permissions",
        "auth.Permission",
        "auth.User",
        "auth.User_groups",
        "auth.User_user_permissions",
        "axes.AccessAttempt",
        "axes.AccessAttemptExpiration",
        "axes.AccessFailureLog",
        "axes.AccessLog",
        "contenttypes.ContentType",
        "funnel.AnswerWeight",
        "funnel.AssessmentAnswer",
        "funnel.AssessmentQuestion",
        "funnel.AssessmentResult",
        "funnel.CallRequest",
        "funnel.Consent",
        "funnel.ConsentWording",
        "funnel.CycleStatement",
        "funnel.ErasurePermit",
        "funnel.Lead",
        "funnel.LimitCount",
        "funnel.MemberRecord",
        "funnel.OptIn",
        "funnel.OutboxEntry",
        "funnel.PrivateLink",
        "funnel.Segment",
        "funnel.SequenceMail",
        "funnel.SeriesRun",
        "funnel.Suppression",
        "funnel.SyncAttempt",
        "funnel.VideoProgress",
        "home.StarterContent",
        "mfa.Authenticator",
        "sessions.Session",
        "wagtailadmin.Admin",
        "wagtailadmin.EditingSession",
        "wagtailadmin.FormState",
        "wagtailcore.APIToken",
        "wagtailcore.Comment",
        "wagtailcore.CommentReply",
        "wagtailcore.GroupApprovalTask",
        "wagtailcore.GroupApprovalTask_groups",
        "wagtailcore.GroupCollectionPermission",
        "wagtailcore.GroupPagePermission",
        "wagtailcore.GroupSitePermission",
        "wagtailcore.ModelLogEntry",
        "wagtailcore.PageLogEntry",
        "wagtailcore.PageSubscription",
        "wagtailcore.ReferenceIndex",
        "wagtailcore.Revision",
        "wagtailcore.Task",
        "wagtailcore.TaskState",
        "wagtailcore.UploadedFile",
        "wagtailcore.Workflow",
        "wagtailcore.WorkflowContentType",
        "wagtailcore.WorkflowPage",
        "wagtailcore.WorkflowState",
        "wagtailcore.WorkflowTask",
        "wagtailforms.FormSubmission",
        "wagtailsearch.IndexEntry",
        "wagtailsearch.SQLiteFTSIndexEntry",
        "wagtailsearchpromotions.Query",
        "wagtailsearchpromotions.QueryDailyHits",
        "wagtailusers.UserProfile",
    }
)

# Tables without a model that hold no content.
UNSEEN_TABLES = frozenset({"django_migrations", "sqlite_sequence"})

# What saving a draft writes into a page's own row. A draft is saved every few seconds while
# somebody types, and nobody else sees it.
UNSEEN_COLUMNS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision_created_at",
        "latest_revision_id",
        "locked",
        "locked_at",
        "locked_by_id",
    }
)
