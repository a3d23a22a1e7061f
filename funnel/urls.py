"""The plugin's public addresses; a host includes them once, under a path of its choice."""

from django.urls import path, re_path

from funnel import views

app_name = "funnel"
urlpatterns = [
    path("", views.opt_in, name="opt_in"),
    path("check-your-mail/", views.check_mail, name="check_mail"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("open/<str:token>/", views.open_videos, name="open_videos"),
    path("watch/", views.videos, name="videos"),
    path("close/", views.close, name="close"),
    re_path(
        r"^watch/(?P<video_id>\d{1,9})/(?P<part>file|captions|poster)/$",
        views.video_part,
        name="video_part",
    ),
    path("leave/<str:token>/", views.leave_view, name="leave"),
]
