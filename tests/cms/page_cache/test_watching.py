"""Which statements count as a change, and that every model has been thought about."""

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from cms.page_cache.visibility import ADDED_BY_RENDERING, SEEN, UNSEEN
from cms.page_cache.watching import is_change

# On PostgreSQL the search index has no such model.
NOT_EVERYWHERE = {"wagtailsearch.SQLiteFTSIndexEntry"}


def test_every_model_is_in_one_list() -> None:
    installed = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed or model._meta.label in UNSEEN
    }
    listed = [*SEEN, *ADDED_BY_RENDERING, *UNSEEN]
    assert len(listed) == len(set(listed)), "a model stands in two lists"
    assert installed - set(listed) == set(), (
        "Can a visitor see something of these? Add them to cms/page_cache/visibility.py."
    )
    assert set(listed) - installed - NOT_EVERYWHERE == set(), "no such model any more"


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "cms_topic" ("name") VALUES (%s)',
        'INSERT OR IGNORE INTO "cms_topic" ("name") VALUES (%s)',
        "insert into cms_topic(name) values ('a')",
        'UPDATE "wagtailcore_page" SET "title" = %s WHERE "wagtailcore_page"."id" = %s',
        'UPDATE "wagtailcore_page" SET "draft_title" = %s, "title" = %s '
        'WHERE "wagtailcore_page"."id" = %s',
        "UPDATE wagtailcore_page SET path = '0001' || substr(path, 5) WHERE path LIKE '0002%%'",
        'UPDATE "wagtailcore_page" SET "draft_title" = (SELECT 1 WHERE 1), "title" = %s',
        'DELETE FROM "wagtailcore_page" WHERE "id" IN (%s)',
        'DELETE FROM "cms_siterendition" WHERE "id" IN (%s)',
        'UPDATE "cms_siterendition" SET "file" = %s',
        'TRUNCATE "wagtailcore_page", "auth_user"',
        'WITH moved AS (SELECT 1) UPDATE "wagtailcore_page" SET "title" = %s',
        "MERGE INTO wagtailcore_page USING x ON true",
        'INSERT INTO "a_table_nobody_knows" VALUES (1)',
        "UPDATE public.cms_topic SET name = ''",
    ],
)
def test_what_may_be_seen_is_a_change(sql: str) -> None:
    assert is_change(sql)
    assert is_change("\n  " + sql)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "id" FROM "wagtailcore_page"',
        "SAVEPOINT s1",
        "BEGIN",
        "PRAGMA foreign_keys = ON",
        'CREATE TABLE "x" ("id" integer)',
        'WITH counted AS (SELECT 1) SELECT * FROM "counted"',
        'INSERT INTO "django_session" VALUES (%s)',
        'UPDATE "auth_user" SET "last_login" = %s WHERE "auth_user"."id" = %s',
        'DELETE FROM "wagtailcore_revision" WHERE "id" = %s',
        'INSERT INTO "cms_siterendition" ("id") VALUES (%s)',
        "INSERT INTO wagtailsearch_indexentry_fts(rowid) VALUES (1)",
        'UPDATE "wagtailcore_page" SET "latest_revision_created_at" = %s, "draft_title" = %s, '
        '"latest_revision_id" = %s, "has_unpublished_changes" = %s '
        'WHERE "wagtailcore_page"."id" = %s',
    ],
)
def test_what_nobody_sees_is_none(sql: str) -> None:
    assert not is_change(sql)


@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(sql: str) -> None:
    assert is_change(sql) in {True, False}
