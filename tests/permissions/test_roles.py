"""The two groups: made once, completed when something is missing, never stronger than promised."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from funnel.services.roles import grant

pytestmark = pytest.mark.django_db

NEVER = ("user", "group", "site", "collection", "locale", "workflow", "task", "permission")


def rights_of(name: str) -> set[str]:
    group = Group.objects.get(name=name)
    return {
        f"{app}.{codename}"
        for app, codename in group.permissions.values_list("content_type__app_label", "codename")
    }


def test_running_it_again_changes_nothing_and_mends_what_is_missing() -> None:
    call_command("ensure_roles")
    before = (rights_of("Coach"), rights_of("Marketing"))
    counts = (GroupPagePermission.objects.count(), GroupCollectionPermission.objects.count())
    coach = Group.objects.get(name="Coach")
    coach.permissions.remove(Permission.objects.get(codename="change_calltoaction"))
    extra = Permission.objects.get(codename="add_redirect")
    coach.permissions.add(extra)
    call_command("ensure_roles")
    assert rights_of("Coach") == before[0] | {"wagtailredirects.add_redirect"}
    assert rights_of("Marketing") == before[1]
    assert counts == (
        GroupPagePermission.objects.count(),
        GroupCollectionPermission.objects.count(),
    )


def test_neither_role_holds_a_right_over_people_sites_or_leads_themselves() -> None:
    call_command("ensure_roles")
    for name in ("Coach", "Marketing"):
        rights = rights_of(name)
        assert not {right for right in rights if right.endswith(tuple(f"_{x}" for x in NEVER))}
        assert not rights & {"funnel.add_lead", "funnel.change_lead", "funnel.delete_lead"}
        assert "funnel.change_lead_access" not in rights
    assert "funnel.export_lead" not in rights_of("Coach")
    assert "funnel.view_lead" not in rights_of("Coach")
    marketing = Group.objects.get(name="Marketing")
    assert not GroupPagePermission.objects.filter(group=marketing).exists()
    assert not GroupCollectionPermission.objects.filter(group=marketing).exists()


def test_a_permission_that_does_not_exist_is_named() -> None:
    with pytest.raises(LookupError, match="funnel\\.fly"):
        grant(group=Group.objects.create(name="G"), permissions=["funnel.fly", "funnel.view_lead"])
