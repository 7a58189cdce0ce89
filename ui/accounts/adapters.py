"""What logging in asks of the store: whether the account is in force. Nobody signs up; people are added by who may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.signals import password_changed, user_logged_in, user_logged_out
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.urls import reverse

from core.access import Actor
from core.audit import keep_action
from core.people.people import actor_of, person
from core.store.opening import database_path
from core.store.replicas.notes import Note, leave_note
from ui.access import in_force
from ui.accounts.addresses import base_path
from ui.accounts.home import home_of
from ui.accounts.settings import account_claims
from ui.store_of_record import reads_a_copy, store_of_record

_LONGEST_ACCOUNT = 30


class AccountAdapter(DefaultAccountAdapter):
    """Passwords are Django's, who may use them is the store's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a person begins who followed no link."""
        known = in_force(request.user.get_username())
        actor = actor_of(known, date.today(), "") if known is not None else None
        return home_of(actor) if actor is not None else base_path() + "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The page that says so."""
        return str(reverse("password_changed"))

    def add_message(self, *_: Any, **__: Any) -> None:
        """Nothing: each page says what happened itself, and no word waits for a page that does not show it."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong passwords are counted by: the account, by whatever name and port the server is called."""
        return str(credentials.get("username", "")).lower()

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Refuse an account that is not in force, whatever the password."""
        if in_force(user.get_username()) is None:
            keep_event(_origin(request), "login_failed", user.get_username(), "账号已停用或到期")
            return self.respond_user_inactive(request, user)
        answer: HttpResponse | None = super().pre_login(request, user, **more)
        return answer


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Whoever the office's provider vouches for comes in as the account that its claim names."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """A stranger to the store stays one."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account that the provider names. Raises ImmediateHttpResponse for one not in force."""
        claims = sociallogin.account.extra_data
        told = {**claims, **claims.get("id_token", {}), **claims.get("userinfo", {})}
        account = str(told.get(account_claims().get(sociallogin.account.provider, ""), ""))
        if in_force(account) is None:
            keep_event(_origin(request), "login_failed", account, "统一身份认证的账号未登记、已停用或到期")
            raise ImmediateHttpResponse(render(request, "account/account_inactive.html", status=403))
        if sociallogin.is_existing and sociallogin.user.get_username() != account:
            # The provider now gives this identity another name; the old link must not let it in as the old person.
            raise ImmediateHttpResponse(
                HttpResponseForbidden("统一身份认证返回的账号与原先登记的不同，请联系系统管理员。")
            )
        if not sociallogin.is_existing:
            user, is_new = User.objects.get_or_create(username=account)
            if is_new:
                user.set_unusable_password()
                user.save()
            sociallogin.connect(request, user)


def keep_event(
    origin: str, event: str, account: str, said: str = "", *, subject: str = "", at: datetime | None = None
) -> None:
    """Add what a person did beside writing to the record of actions; `origin` is the address it came from.

    A process that only reads leaves it for the one that writes.
    """
    at = at or datetime.now()
    if reads_a_copy():
        leave_note(database_path(), Note(event, account[:_LONGEST_ACCOUNT], subject, origin, at))
        return
    keep_events([(Note(event, account, subject, origin, at), said)])


def keep_events(events: Sequence[tuple[Note, str]]) -> None:
    """Add events to the record of actions with what is said of each, all or none."""
    store = store_of_record()
    with store.write() as cursor:
        for note, said in events:
            known = person(store, note.account)
            # Whoever failed to log in may be anybody.
            is_verified = known is not None and note.event != "login_failed"
            shown = note.account[:_LONGEST_ACCOUNT]
            name = known.name if known else "未登记"
            actor = Actor(name, frozenset(), is_verified, person_id=shown, origin=note.origin)
            keep_action(cursor, actor, note.event, note.subject or shown, note.at, after=said)


def _origin(request: HttpRequest | None) -> str:
    """The address of the browser, as the office's own proxies tell it."""
    return "" if request is None else str(get_adapter().get_client_ip(request))


@receiver(user_logged_in)
def _logged_in(request: HttpRequest, user: User, **_: Any) -> None:
    keep_event(_origin(request), "login", user.get_username())


@receiver(user_logged_out)
def _logged_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        keep_event(_origin(request), "logout", user.get_username())


@receiver(password_changed)
def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    keep_event(_origin(request), "password", user.get_username(), "修改密码")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    keep_event(
        _origin(request),
        "login_failed",
        str(credentials.get("username", "")),
        "密码不对或没有这个账号",
    )
