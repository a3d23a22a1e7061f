"""The plugin's public addresses; a host includes them once, under a path of its choice."""

from django.urls import path, re_path

from funnel.views import assessment, leaving, opt_ins, watching

app_name = "funnel"
urlpatterns = [
    path("", opt_ins.opt_in, name="opt_in"),
    path("check-your-mail/", opt_ins.check_mail, name="check_mail"),
    path("which-cycle/", assessment.assessment, name="assessment"),
    path("confirm/<str:token>/", opt_ins.confirm, name="confirm"),
    path("open/<str:token>/", watching.open_videos, name="open_videos"),
    path("watch/", watching.videos, name="videos"),
    path("close/", watching.close, name="close"),
    re_path(
        r"^watch/(?P<video_id>\d{1,9})/(?P<part>file|captions|poster)/$",
        watching.video_part,
        name="video_part",
    ),
    re_path(r"^watch/(?P<video_id>\d{1,9})/progress/$", watching.progress, name="progress"),
    re_path(r"^watch/(?P<video_id>\d{1,9})/watched/$", watching.watched, name="watched"),
    path("leave/<str:token>/", leaving.leave_view, name="leave"),
]
