"""The site's addresses with the local mailbox, as `make run` has them."""

from django.urls import path

from cms import views
from cms.urls import urlpatterns as site_urlpatterns

urlpatterns = [
    path("mail/", views.local_mail_list, name="local_mail_list"),
    path("mail/<str:key>/", views.local_mail, name="local_mail"),
    path("mail/<str:key>/html/", views.local_mail_html, name="local_mail_html"),
    *site_urlpatterns,
]
