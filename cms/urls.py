"""Every address of the site."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from cms import search, serving, views, well_known
from cms.sitemaps import SITEMAPS

handler404 = "cms.serving.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", well_known.robots, name="robots"),
    path("favicon.ico", well_known.favicon, name="favicon"),
    path(".well-known/security.txt", well_known.security, name="security_txt"),
    path(".well-known/change-password", well_known.change_password, name="change_password"),
    path("admin/", include("cms.sign_in.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("free-videos/", include("funnel.urls")),
    path("styleguide/", include("home.urls")),
    path("search/", search.search, name="search"),
]
if settings.SHOW_LOCAL_MAILBOX:
    urlpatterns += [
        path("mail/", views.local_mail_list, name="local_mail_list"),
        path("mail/<str:key>/", views.local_mail, name="local_mail"),
        path("mail/<str:key>/html/", views.local_mail_html, name="local_mail_html"),
    ]
if settings.SERVE_MEDIA:
    urlpatterns += [re_path(r"^media/(?P<path>.*)$", views.media, name="media")]
urlpatterns += [
    path("_util/login/", views.login, name="login"),
    # The pattern of pages fits Wagtail's other addresses too, so it comes last.
    path("", include([url for url in wagtail_urls.urlpatterns if url.name != "wagtail_serve"])),
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
]
