"""The addresses below /accounts: in, out, another password, the first password, the office's own provider."""

from __future__ import annotations

from allauth.account import views
from allauth.socialaccount import views as social_views
from django.urls import include, path
from django.views.generic import TemplateView

from ui.accounts.views import FirstPassword

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/", views.password_change, name="account_change_password"),
    path("changed/", TemplateView.as_view(template_name="accounts/password_changed.html"), name="password_changed"),
    path("none/", TemplateView.as_view(template_name="accounts/no_password.html"), name="account_set_password"),
    path("first/<uidb64>/<token>/", FirstPassword.as_view(), name="first_password"),
    path("refused/", social_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("failed/", social_views.login_error, name="socialaccount_login_error"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
