"""Sets everything up and starts the platform, or runs its tests. Needs only Python's standard library.

python3 run.py                 set up what is missing, then start on http://localhost:8501
python3 run.py --lan           the same for the whole network, where everybody logs in
python3 run.py --lan --reader  one more process for those who only look, beside the main one
python3 run.py setup           set up only
python3 run.py test [--all]    set up and run the tests; any further option goes to pytest
python3 run.py bench [names]   set up and measure; what is found goes into docs/measured.md
Any other option goes to Streamlit, such as --server.port 8600.
"""

import hashlib
import os
import socket
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)
LOCKS_INSIDE = {
    "requirements-test.txt": ["requirements.txt"],
    "requirements-bench.txt": ["requirements.txt", "requirements-test.txt"],
}


def main(arguments: list[str]) -> int:
    """Set up, then do what the first argument asks for."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"需要 Python 3.11 或更新的版本，当前是 {found}。请安装后用新版本的 python3 重新运行。")
        return 1
    if arguments[:1] == ["test"]:
        return run_tests(arguments[1:])
    if arguments[:1] == ["bench"]:
        install("requirements-bench.txt")
        return subprocess.run([python(), "-m", "benchmarks", *arguments[1:]], cwd=ROOT).returncode
    install("requirements.txt")
    if arguments[:1] == ["setup"]:
        print("环境已就绪。启动：python3 run.py")
        return 0
    return start(arguments)


def python() -> str:
    """The environment's interpreter."""
    folder = "Scripts" if os.name == "nt" else "bin"
    return str(ENVIRONMENT / folder / ("python.exe" if os.name == "nt" else "python"))


def install(lock: str) -> None:
    """Make the environment and install the lock by hash, unless exactly that was done before."""
    content = (ROOT / lock).read_bytes() + sys.version.encode()
    wanted = f"{lock} {hashlib.sha256(content).hexdigest()}"
    done = ENVIRONMENT / "installed.txt"
    if done.exists() and wanted in done.read_text("utf-8").splitlines():
        return
    print(f"正在准备运行环境（{lock}），首次约需一分钟……", flush=True)
    if not Path(python()).exists():
        venv.create(ENVIRONMENT, with_pip=True)
    command = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wheelhouse = ROOT / "wheelhouse"
    if wheelhouse.is_dir():
        command += ["--no-index", "--find-links", str(wheelhouse)]
    subprocess.run([*command, "--require-hashes", "-r", str(ROOT / lock)], check=True)
    locks = [wanted]
    for held in LOCKS_INSIDE.get(lock, ()):
        # A lock contains those that it was made over: starting the platform after a test installs nothing.
        base = (ROOT / held).read_bytes() + sys.version.encode()
        locks.append(f"{held} {hashlib.sha256(base).hexdigest()}")
    done.write_text("\n".join(locks) + "\n", "utf-8")


def start(options: list[str]) -> int:
    """Start Streamlit; with --lan for the network, where everybody logs in."""
    environment = dict(os.environ)
    if "--lan" in options:
        options = [option for option in options if option != "--lan"]
        environment["COUNTY_LAN"] = "1"
        # Who may say for whom a request is forwarded is set by COUNTY_PROXIES alone.
        environment["FORWARDED_ALLOW_IPS"] = "none"
        if "--server.address" not in options:
            # Behind the office's own proxy nobody else is to reach the platform past it.
            address = "127.0.0.1" if environment.get("COUNTY_PROXIES", "0") != "0" else "0.0.0.0"
            options += ["--server.address", address, "--browser.serverAddress", lan_address()]
        port = options[options.index("--server.port") + 1] if "--server.port" in options else "8501"
        if "--reader" in options:
            options = [option for option in options if option != "--reader"]
            environment["COUNTY_READER"] = "1"
            print(f"只读进程，端口 {port}；由 nginx 把只看不填的人分到这里。", flush=True)
        else:
            print(f"局域网访问（须登录），请发送这个地址：http://{lan_address()}:{port}", flush=True)
    command = [python(), "-m", "streamlit", "run", "app.py", *options]
    os.chdir(ROOT)
    if os.name == "posix":
        # This very process becomes the server: what ends the one ends the other.
        os.execve(command[0], command, environment)
    try:
        return subprocess.run(command, env=environment).returncode
    except KeyboardInterrupt:
        return 0


def lan_address() -> str:
    """This machine's address as others on its network see it; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return socket.gethostname()
        return str(probe.getsockname()[0])


def run_tests(options: list[str]) -> int:
    """Install the test lock and run pytest; --all adds the long checks."""
    install("requirements-test.txt")
    if "--all" in options:
        options = [option for option in options if option != "--all"]
    else:
        options = ["-m", "not long", *options]
    return subprocess.run([python(), "-m", "pytest", *options], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
