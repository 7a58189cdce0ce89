"""Django as logging in needs it, configured once a process; what an office may set stands in environment variables."""

from __future__ import annotations

import os
import secrets
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from filelock import FileLock

from core.store.opening import credentials_file, database_path
from ui.accounts.addresses import MOUNT, SESSION_COOKIE, base_path, is_behind_tls, own_proxies

# How long a session outlasts the last click, in seconds.
SESSION_SECONDS = 8 * 3600
# How long a one-time link may be used, in seconds.
LINK_SECONDS = 7 * 24 * 3600
_SHORTEST_PASSWORD = 8


def configure() -> None:
    """Make Django ready; further calls do nothing."""
    if settings.configured:
        return
    file = credentials_file(database_path())
    file.parent.mkdir(parents=True, exist_ok=True)
    settings.configure(
        SECRET_KEY=_secret(file.with_suffix(".key")),
        # Who may connect is decided before Django is reached (`ui/serving/entry.py`).
        ALLOWED_HOSTS=["*"],
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https") if own_proxies() else None,
        ROOT_URLCONF="ui.accounts.urls",
        FORCE_SCRIPT_NAME=base_path() + MOUNT,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.socialaccount",
            "allauth.socialaccount.providers.openid_connect",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(file),
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous=FULL"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LANGUAGE_CODE="zh-hans",
        USE_TZ=True,
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        AUTH_PASSWORD_VALIDATORS=[
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": _SHORTEST_PASSWORD},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
        ],
        PASSWORD_RESET_TIMEOUT=LINK_SECONDS,
        LOGIN_REDIRECT_URL=base_path() + "/",
        SESSION_COOKIE_NAME=SESSION_COOKIE,
        SESSION_COOKIE_AGE=SESSION_SECONDS,
        SESSION_COOKIE_PATH=base_path() + "/",
        SESSION_COOKIE_SECURE=is_behind_tls(),
        CSRF_COOKIE_NAME="county_csrf",
        CSRF_COOKIE_PATH=base_path() + MOUNT,
        CSRF_COOKIE_SECURE=is_behind_tls(),
        ACCOUNT_ADAPTER="ui.accounts.adapters.AccountAdapter",
        ACCOUNT_LOGIN_METHODS={"username"},
        ACCOUNT_SIGNUP_FIELDS=["username*", "password1*", "password2*"],
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_SESSION_REMEMBER=False,
        ACCOUNT_LOGOUT_REDIRECT_URL=f"{base_path()}{MOUNT}/login/",
        ALLAUTH_TRUSTED_PROXY_COUNT=own_proxies(),
        SOCIALACCOUNT_ADAPTER="ui.accounts.adapters.SocialAccountAdapter",
        # A form that leads to another site is refused by our own content policy; the link names the provider only.
        SOCIALACCOUNT_LOGIN_ON_GET=True,
        SOCIALACCOUNT_PROVIDERS={"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _providers()}},
    )
    django.setup()


def prepare_tables() -> None:
    """Bring the file's tables to this program's state; not from within an event loop.

    Of processes that start at once one does it, the others wait.
    """
    file = credentials_file(database_path())
    with FileLock(file.with_name(file.name + ".lock")):
        try:
            call_command("migrate", verbosity=0)
        finally:
            connections.close_all()
        file.chmod(0o600)


def account_claims() -> dict[str, str]:
    """For each provider the claim that names the account."""
    return {app["provider_id"]: app["settings"]["account_claim"] for app in _providers()}


def _providers() -> list[dict[str, Any]]:
    """The OpenID Connect providers of login.toml beside the data file (COUNTY_LOGIN names another); none without it."""
    file = Path(os.environ.get("COUNTY_LOGIN") or database_path().with_name("login.toml"))
    if not file.is_file():
        return []
    listed = tomllib.loads(file.read_text("utf-8")).get("openid_connect", [])
    try:
        return [
            {
                "provider_id": one["provider_id"],
                "name": one["name"],
                "client_id": one["client_id"],
                "secret": one["secret"],
                "settings": {
                    "server_url": one["server_url"],
                    "account_claim": one.get("account_claim", "preferred_username"),
                },
            }
            for one in listed
        ]
    except KeyError as missing:
        raise SystemExit(f"{file} 的 [[openid_connect]] 缺少 {missing}，没有启动。") from None


def _secret(file: Path) -> str:
    """The key of sessions and links, made once and readable by this user alone."""
    if not file.is_file():
        # It appears whole or not at all: a second process starting at once reads the one that came first.
        part = file.with_name(f"{file.name}.{secrets.token_hex(8)}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as new:
            new.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(part, file)
        part.unlink()
    return file.read_text("ascii")
