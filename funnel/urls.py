"""The plugin's public addresses; a host includes them once, under a path of its choice."""

from django.urls import URLPattern

app_name = "funnel"
urlpatterns: list[URLPattern] = []
