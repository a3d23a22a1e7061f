"""The addresses of a sign-in; they stand before Wagtail's own, and the first takes its place."""

from django.urls import URLPattern, path

from cms.sign_in import account, views

urlpatterns: list[URLPattern] = [
    path("login/", views.PasswordView.as_view(), name="sign_in_password"),
    path("login/code/", views.code, name="sign_in_code"),
    path("login/set-up/", views.set_up, name="sign_in_set_up"),
    path("login/recovery-codes/", views.recovery_codes, name="sign_in_recovery_codes"),
    path("account/second-step/", account.second_step_page, name="account_second_step"),
    path("account/second-step/codes/", account.show_codes, name="account_recovery_codes"),
    path("account/second-step/phone/", account.another_phone, name="account_another_phone"),
]
