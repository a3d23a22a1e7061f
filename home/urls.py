"""The addresses of the front door that are no pages: the styleguide."""

from django.urls import path

from .styleguide import views

app_name = "styleguide"
urlpatterns = [
    path("", views.index, name="index"),
    path("mails/", views.mails, name="mails"),
    path("mails/<slug:name>/", views.mail, name="mail"),
    path("pages/<slug:name>/", views.page, name="page"),
    path("<slug:name>/", views.section, name="section"),
]
