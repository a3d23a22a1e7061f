"""What the funnel's roles may do with this site's pages, pictures and settings."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from funnel.services.roles import ensure_funnel_groups, grant

COACH_PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
COACH_COLLECTION_PERMISSIONS = (
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
)
COACH_RECORDS = (
    "cms.change_sitesettings",
    "cms.add_topic",
    "cms.change_topic",
    "cms.delete_topic",
    "cms.add_supportsignpost",
    "cms.change_supportsignpost",
    "cms.delete_supportsignpost",
)


@transaction.atomic
def ensure_roles() -> None:
    """Make or complete the groups Coach and Marketing; running it again changes nothing.

    A coach writes and publishes anywhere in the site, keeps its pictures and documents and its
    settings. Marketing gets nothing here. Neither touches users, groups, sites, collections,
    languages or workflows: whoever can change a user can become an admin.
    """
    coach, _marketing = ensure_funnel_groups()
    _let_edit_pages(coach)
    _let_keep_files(coach)
    grant(group=coach, permissions=COACH_RECORDS)


def _let_edit_pages(group: Group) -> None:
    root = Page.get_first_root_node()
    if root is None:
        raise LookupError("There is no root page yet; run `manage.py migrate` first.")
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=COACH_PAGE_PERMISSIONS
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _let_keep_files(group: Group) -> None:
    everything = Collection.get_first_root_node()
    for name in COACH_COLLECTION_PERMISSIONS:
        app, _, codename = name.partition(".")
        GroupCollectionPermission.objects.get_or_create(
            group=group,
            collection=everything,
            permission=Permission.objects.get(content_type__app_label=app, codename=codename),
        )
