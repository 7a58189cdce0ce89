"""Letters to the people of the platform by the office's own mail server, where one is set up; nothing is sent otherwise.

    mail_server(file) -> MailServer | None          None without the file
    deliver(server, letters) -> list[str]           the accounts whose letter the server did not take, with its reason

The file (mail.toml) names host, port, security (none, starttls, tls), sender, and by account the addresses; a password
stands in a file of its own that `password_file` names. Nothing of it is kept in the store.
"""

from __future__ import annotations

import smtplib
import ssl
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, get_args

from core.errors import RequestInvalid

Security = Literal["none", "starttls", "tls"]
_PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class MailServer:
    """How letters leave, and to which address by account."""

    host: str
    port: int
    security: Security
    sender: str
    addresses: Mapping[str, str]
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class MailLetter:
    """One letter to an account."""

    person_id: str
    subject: str
    text: str


def mail_server(file: Path) -> MailServer | None:
    """The server of a file. Raises RequestInvalid, with the place, for one that cannot be used."""
    if not file.is_file():
        return None
    try:
        said: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RequestInvalid(f"邮件设置 {file} 不能读取：{fault}。") from None
    host, port, sender = said.get("host"), said.get("port"), said.get("sender")
    security = said.get("security", "starttls")
    addresses = said.get("addresses", {})
    if not isinstance(host, str) or not host or not isinstance(port, int) or not 0 < port < 65536:
        raise RequestInvalid(f"邮件设置 {file}：host 应为邮件服务器名，port 应为 1 至 65535 的整数。")
    if security not in get_args(Security):
        raise RequestInvalid(f"邮件设置 {file}：security 应为 none、starttls 或 tls。")
    if not _is_address(sender):
        raise RequestInvalid(f"邮件设置 {file}：sender 应为发件邮箱地址。")
    wrong = [name for name, address in addresses.items() if not _is_address(address)]
    if wrong:
        raise RequestInvalid(f"邮件设置 {file}：账号 {'、'.join(wrong)} 的邮箱地址不对。")
    password = ""
    if said.get("password_file"):
        try:
            password = (file.parent / str(said["password_file"])).read_text("utf-8").strip()
        except OSError as fault:
            raise RequestInvalid(f"邮件设置 {file}：密码文件不能读取（{fault.strerror}）。") from None
    return MailServer(host, port, security, str(sender), addresses, str(said.get("user", "")), password)


def _is_address(text: object) -> bool:
    """Whether a text is one plain address; line breaks would add heads to a letter."""
    return isinstance(text, str) and text.count("@") == 1 and parseaddr(text)[1] == text and text.isprintable()


def deliver(server: MailServer, letters: Sequence[MailLetter]) -> list[str]:
    """Send the letters over one connection. Raises RequestInvalid where the server does not answer or does not let us in."""
    try:
        with closing(_connected(server)) as line:
            return [f"{letter.person_id}（{why}）" for letter in letters if (why := _sent(line, server, letter))]
    except (OSError, smtplib.SMTPException) as fault:
        raise RequestInvalid(
            f"邮件服务器 {server.host}:{server.port} 没有接受连接（{fault}），没有发送；请检查邮件设置。"
        ) from None


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_PATIENCE_SECONDS, context=ssl.create_default_context()
        )
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE_SECONDS)
    if server.security == "starttls":
        line.starttls(context=ssl.create_default_context())
    if server.user:
        line.login(server.user, server.password)
    return line


def _sent(line: smtplib.SMTP, server: MailServer, letter: MailLetter) -> str:
    """Why the server did not take a letter, empty where it did."""
    message = EmailMessage()
    message["From"], message["To"] = server.sender, server.addresses[letter.person_id]
    message["Subject"] = letter.subject
    message.set_content(letter.text)
    try:
        line.send_message(message)
    except (OSError, smtplib.SMTPException) as fault:
        # Letters before this one went out: a line that breaks now refuses the rest, not all.
        return str(fault) or type(fault).__name__
    return ""
