"""A kill at any moment leaves the file of passwords whole, with every account that was confirmed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from core.store.opening import credentials_file
from tests.support.serving import ROOT

WORKER = """
from itertools import count
from ui.accounts.settings import configure, prepare_tables
configure()
prepare_tables()
from ui.accounts.credentials import first_link, forget_password
for number in count():
    first_link(f"p{number}")
    forget_password(f"p{number}")
    print(number, flush=True)
"""


@pytest.mark.parametrize("kills", [1, pytest.param(40, marks=pytest.mark.long)])
def test_a_kill_leaves_every_confirmed_account(tmp_path: Path, kills: int) -> None:
    database = tmp_path / "county.duckdb"
    for seed in range(kills):
        command = [sys.executable, "-c", WORKER]
        environment = {**os.environ, "COUNTY_DB": str(database)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as worker:
            assert worker.stdout is not None
            said = [worker.stdout.readline()]
            time.sleep(random.Random(seed).uniform(0, 0.3))
            worker.send_signal(signal.SIGKILL)
            said += [line for line in worker.stdout if line.endswith("\n")]
        assert worker.returncode == -signal.SIGKILL
        with closing(sqlite3.connect(credentials_file(database))) as kept:
            assert kept.execute("pragma integrity_check").fetchall() == [("ok",)]
            names = {name for (name,) in kept.execute("select username from auth_user")}
        assert {f"p{int(line)}" for line in said} <= names


SESSIONS = """
import sys
from ui.accounts.settings import configure, prepare_tables
configure()
prepare_tables()
from tests.support.sessions import session_of
from ui.accounts.sessions import account_of
session = session_of("zhang.san")
for _ in sys.stdin:
    print(account_of(session), flush=True)
"""
OTHER = """
import sys
from ui.accounts.settings import configure
configure()
from django.contrib.auth.models import User
user = User.objects.get(username="zhang.san")
if sys.argv[1] == "password":
    user.set_password("yuan-zhuang-2026")
user.is_active = sys.argv[1] != "out"
user.save()
"""


@pytest.mark.parametrize("change", ["password", "out"])
def test_what_another_process_changes_ends_a_session_at_the_next_question(tmp_path: Path, change: str) -> None:
    environment = {**os.environ, "COUNTY_DB": str(tmp_path / "county.duckdb"), "COUNTY_LAN": "1"}
    started = [sys.executable, "-c", SESSIONS]
    with subprocess.Popen(
        started, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as asked:
        assert asked.stdin is not None and asked.stdout is not None

        def account() -> str:
            assert asked.stdin is not None and asked.stdout is not None
            asked.stdin.write("\n")
            asked.stdin.flush()
            return asked.stdout.readline().strip()

        # The first answers are asked of the file, those after it has settled are not.
        for _ in range(5):
            assert account() == "zhang.san"
            time.sleep(0.05)
        subprocess.run([sys.executable, "-c", OTHER, change], cwd=ROOT, env=environment, check=True)
        assert account() == "None"
        asked.stdin.close()
