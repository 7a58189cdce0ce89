"""The system's nginx before the platform, by the very file that the guide hands out."""

from __future__ import annotations

import datetime as clock
import shutil
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.request import HTTPSHandler, build_opener

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.serving import ROOT, free_port, wait_until

# What the platform behind it is told, as the service file tells it.
BEHIND = {
    "COUNTY_LAN": "1",
    "COUNTY_TLS": "1",
    "COUNTY_PROXIES": "1",
    "COUNTY_BASE_PATH": "/jczd",
    "COUNTY_HOSTS": "localhost",
}
_READERS_IN_FILE = ("127.0.0.1:8502", "127.0.0.1:8503")


def nginx_program() -> str | None:
    """Where nginx is, None where this machine has none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class Nginx:
    """Started on construction; `address` is what people call. End it by `stop`."""

    def __init__(self, program: str, folder: Path, main: int, readers: Sequence[int] = ()) -> None:
        """`main` and `readers` are the ports of the processes behind it; where fewer readers run than the file names, nobody
        answers there.
        """
        self.port = port = free_port()
        self.address = f"https://localhost:{port}/jczd"
        own, key = _certificate(folder)
        site = (ROOT / "docs" / "deployment" / "nginx.conf").read_text("utf-8")
        ports = [*readers, *(free_port() for _ in _READERS_IN_FILE)]
        for word, value in (
            ("listen 443", f"listen 127.0.0.1:{port}"),
            ("HOST_NAME;", "localhost;"),
            ("CERTIFICATE_FILE", str(own)),
            ("KEY_FILE", str(key)),
            ("127.0.0.1:8501", f"127.0.0.1:{main}"),
            *((named, f"127.0.0.1:{at}") for named, at in zip(_READERS_IN_FILE, ports, strict=False)),
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
        self._process = subprocess.Popen([program, "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"])
        trusting = build_opener(HTTPSHandler(context=ssl._create_unverified_context()))
        wait_until(lambda: trusting.open(f"{self.address}/healthz", timeout=2))

    def stop(self) -> None:
        """End this nginx and wait for it."""
        self._process.terminate()
        self._process.wait()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that is made here, and its key."""
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
