"""Accounts and the one-time links by which a person sets their own password; nobody else ever knows it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import connections
from django.urls import reverse, set_script_prefix
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from ui.accounts.addresses import MOUNT, base_path


def first_link(account: str) -> str:
    """The path by which the person sets a password, once; a password they had holds until then."""
    try:
        user, is_new = User.objects.get_or_create(username=account)
        if is_new:
            user.set_unusable_password()
            user.save()
        # Outside a request Django does not know below which path it stands.
        set_script_prefix(f"{base_path()}{MOUNT}/")
        place = urlsafe_base64_encode(force_bytes(user.pk))
        return str(reverse("first_password", args=[place, default_token_generator.make_token(user)]))
    finally:
        connections.close_all()


def has_password(account: str) -> bool:
    """Whether the person has set a password."""
    try:
        user = User.objects.filter(username=account).first()
        return user is not None and user.has_usable_password()
    finally:
        connections.close_all()


def forget_password(account: str) -> None:
    """End the person's password and with it every session of theirs."""
    try:
        for user in User.objects.filter(username=account):
            user.set_unusable_password()
            user.save()
    finally:
        connections.close_all()
