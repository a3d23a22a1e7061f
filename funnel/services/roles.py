"""The two roles that the funnel knows, and what each may do with its own records."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission

COACH = "Coach"
MARKETING = "Marketing"

# "app.codename", as `user.has_perm()` takes them. Reading leads is a permission that only counts
# where the funnel's settings allow it; nobody at all gets one to change or delete a lead.
COACH_PERMISSIONS = (
    "wagtailadmin.access_admin",
    "funnel.read_lead_where_allowed",
    "funnel.change_callrequest",
    "funnel.change_stuckcycle",
    "funnel.change_sequencemail",
    "funnel.add_calltoaction",
    "funnel.change_calltoaction",
    "funnel.delete_calltoaction",
    "funnel.add_assessment",
    "funnel.change_assessment",
    "funnel.delete_assessment",
    "funnel.add_videoseries",
    "funnel.change_videoseries",
    "funnel.delete_videoseries",
    "funnel.change_funnelsettings",
)
MARKETING_PERMISSIONS = (
    "wagtailadmin.access_admin",
    "funnel.view_lead",
    "funnel.export_lead",
    "funnel.view_optin",
    "funnel.view_consent",
    "funnel.view_syncattempt",
    "funnel.view_segment",
    "funnel.add_segment",
    "funnel.change_segment",
    "funnel.delete_segment",
    "funnel.change_funnelsettings",
)


def grant(*, group: Group, permissions: Iterable[str]) -> None:
    """Give `group` permissions named "app.codename", and take none away.

    Raises `LookupError` with the names that do not exist: a role that silently lacks something is
    found by a coach at the worst moment.
    """
    wanted = set(permissions)
    found = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.filter(
            content_type__app_label__in={name.partition(".")[0] for name in wanted},
            codename__in={name.partition(".")[2] for name in wanted},
        ).values_list("pk", "content_type__app_label", "codename")
    }
    missing = sorted(wanted - found.keys())
    if missing:
        raise LookupError(f"There is no such permission: {', '.join(missing)}")
    group.permissions.add(*(found[name] for name in wanted))


def ensure_funnel_groups() -> tuple[Group, Group]:
    """Make the groups Coach and Marketing with their rights over the funnel; return both.

    Adds what is missing and leaves what an admin has added by hand.
    """
    coach, _ = Group.objects.get_or_create(name=COACH)
    marketing, _ = Group.objects.get_or_create(name=MARKETING)
    grant(group=coach, permissions=COACH_PERMISSIONS)
    grant(group=marketing, permissions=MARKETING_PERMISSIONS)
    return coach, marketing
