"""The office's nginx before the platform, by the very file that the guide hands out: TLS, web socket, sub-path, login."""

from __future__ import annotations

import datetime as clock
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import HTTPSHandler, build_opener

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import BrowserContext, expect

from tests.browser.test_own_desks import PASSWORD, first_link
from tests.support.serving import READY, ROOT, Server, free_port, wait_until


@pytest.fixture(scope="module")
def nginx() -> str:
    """The system's nginx; without it the test skips, but on CI that is a failure."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        reason = "no nginx on this machine (Debian: apt-get install nginx-light)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that this test made itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = clock.datetime.now(clock.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - clock.timedelta(days=1))
        .not_valid_after(now + clock.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return files


@pytest.fixture(scope="module")
def behind(nginx: str, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Server]]:
    """The platform as the service file starts it, behind nginx by the file of the guide; the address that people call."""
    folder = tmp_path_factory.mktemp("nginx")
    shutil.copy(filled, folder / "county.duckdb")
    port = free_port()
    server = Server(
        folder, COUNTY_LAN="1", COUNTY_TLS="1", COUNTY_PROXIES="1", COUNTY_BASE_PATH="/jczd", COUNTY_HOSTS="localhost"
    )
    own, key = certificate(folder)
    site = (ROOT / "docs" / "deployment" / "nginx.conf").read_text("utf-8")
    for word, value in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("HOST_NAME;", "localhost;"),
        ("CERTIFICATE_FILE", str(own)),
        ("KEY_FILE", str(key)),
        ("127.0.0.1:8501", f"127.0.0.1:{server.port}"),
    ):
        assert word in site
        site = site.replace(word, value)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; include /etc/nginx/mime.types; {temporary}\n{site} }}",
        "utf-8",
    )
    with subprocess.Popen([nginx, "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"]) as process:
        address = f"https://localhost:{port}/jczd"
        trusting = build_opener(HTTPSHandler(context=ssl._create_unverified_context()))
        wait_until(lambda: trusting.open(f"{address}/healthz", timeout=2))
        yield address, server
        process.terminate()
    server.stop()


def test_a_deep_link_by_tls_below_a_path_survives_the_login(
    behind: tuple[str, Server], browser: BrowserContext
) -> None:
    address, server = behind
    path = first_link(server).removeprefix("https://localhost")
    assert path.startswith("/jczd/accounts/first/")
    assert browser.browser is not None
    context = browser.browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(address.removesuffix("/jczd") + path)
    for field in ("新密码", "再输一次"):
        page.get_by_label(field, exact=True).fill(PASSWORD)
    page.get_by_role("button", name="设置密码并进入").click()
    page.wait_for_selector(READY)
    expect(page).to_have_url(f"{address}/people")
    page.get_by_role("link", name="退出登录").click()
    page.get_by_role("button", name="退出").click()

    page.goto(f"{address}/schools?township=350526100&year=2022")
    expect(page).to_have_url(re.compile(f"^{re.escape(address)}/accounts/login/"))
    page.get_by_label("账号").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_selector(READY)
    expect(page).to_have_url(f"{address}/schools?township=350526100&year=2022")
    expect(page.get_by_role("heading", level=1).filter(has_text="浔中镇").first).to_be_visible()
    assert sockets and all(socket.startswith(address.replace("https", "wss")) for socket in sockets)
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    kept = cookies["county_session"]
    assert (kept["secure"], kept["httpOnly"], kept["path"]) == (True, True, "/jczd/")
    # The record of actions tells the browser's address, as nginx saw it.
    page.goto(f"{address}/people?people_part=操作记录")
    page.wait_for_selector(READY)
    expect(page.get_by_test_id("stMain").get_by_text("127.0.0.1").first).to_be_visible()
    context.close()
