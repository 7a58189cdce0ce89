"""The page of a one-time link: the person sets a password and is in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import PasswordResetConfirmView
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from ui.access import in_force
from ui.accounts.adapters import keep_event


class FirstPassword(PasswordResetConfirmView):
    """Django's own page for a new password, for accounts in force only."""

    template_name = "accounts/first_password.html"
    post_reset_login = True
    post_reset_login_backend = "allauth.account.auth_backends.AuthenticationBackend"

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse the link of an account that is not in force."""
        user = self.get_user(kwargs["uidb64"])
        if user is not None and in_force(user.get_username()) is None:
            request: HttpRequest = self.request
            return render(request, "account/account_inactive.html", status=403)
        return super().dispatch(*args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        """Note that a password was set; what it is nobody notes."""
        account = self.user.get_username()
        answer = super().form_valid(form)
        keep_event(str(get_adapter().get_client_ip(self.request)), "login", account, "设置密码并登录")
        return answer

    def get_success_url(self) -> str:
        """Where the person begins."""
        return str(get_adapter().get_login_redirect_url(self.request))
