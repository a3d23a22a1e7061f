"""The plugin's public addresses; a host includes them once, under a path of its choice."""

from django.urls import path, re_path

from funnel.views import assessment, conversations, leaving, my_data, opt_ins, watching

app_name = "funnel"
urlpatterns = [
    path("", opt_ins.opt_in, name="opt_in"),
    path("check-your-mail/", opt_ins.check_mail, name="check_mail"),
    path("stamp/", opt_ins.stamp, name="stamp"),
    path("first-video/", opt_ins.first_video, name="first_video"),
    re_path(
        r"^first-video/(?P<part>file|captions|poster)/$",
        opt_ins.first_video_part,
        name="first_video_part",
    ),
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
    path("left/<slug:act>/", leaving.left, name="left"),
    path("talk/", conversations.call_request, name="call_request"),
    path("talk/check-your-mail/", conversations.call_requested, name="call_requested"),
    path("talk/on-its-way/", conversations.call_confirmed, name="call_confirmed"),
    path("talk/confirm/<str:token>/", conversations.confirm_call, name="confirm_call"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/check-your-mail/", my_data.my_data_asked, name="my_data_asked"),
    path("my-data/open/<str:token>/", my_data.open_link, name="open_my_data"),
    path("my-data/see/", my_data.see, name="see_my_data"),
    re_path(
        r"^my-data/see/records\.(?P<form>json|txt)$", my_data.download, name="download_my_data"
    ),
    path("my-data/erased/", my_data.my_data_erased, name="my_data_erased"),
]
