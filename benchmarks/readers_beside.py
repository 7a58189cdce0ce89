"""The same crowd, everybody logged in behind nginx: served by one process, then with processes that only read beside it.

    python -m benchmarks.readers_beside [people] [minutes] [pause] [readers]

Of twenty people one works in the office and sends forms, at the main process; the others look, and are sent to the processes
that only read by the cookie that the platform gives them. nginx runs by docs/deployment/nginx.conf, with TLS. Ends with 1 as
`many_people` does, for either of the two.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.many_people import kept_texts, many_people, report, tracebacks, wait_until_filled, writes
from benchmarks.web_socket_person import Door
from core.access import LOCAL_ADMINISTRATOR
from core.people.people import PersonDraft, keep_people
from core.rules.standard_loading import load_standard
from core.store.database import Store
from core.store.replicas.leaving import copies_folder
from tests.support.demo_county import fill
from tests.support.nginx import BEHIND, Nginx, nginx_program
from tests.support.serving import ROOT, Server

# A hundred logins by form are not what is measured.
_MAKE_SESSIONS = """
import sys
from ui.accounts.settings import configure, prepare_tables
configure()
prepare_tables()
from tests.support.sessions import session_of
print(*map(session_of, sys.argv[1:]), sep="\\n")
"""


def sessions(database: Path, accounts: Sequence[str]) -> list[str]:
    """A session for each account."""
    command = [sys.executable, "-c", _MAKE_SESSIONS, *accounts]
    environment = {**os.environ, "COUNTY_DB": str(database), "COUNTY_LAN": "1"}
    printed = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return printed.split()


def crowd_before(program: str, filled: Path, people: int, seconds: float, pause: float, readers: int) -> bool:
    """Run the platform with so many processes that only read, and the crowd before it; whether all went well."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        database = folder / "county.duckdb"
        shutil.copy(filled, database)
        accounts = [f"p{number}" for number in range(people)]
        store = Store.open(database, load_standard())
        drafts = [
            PersonDraft(person_id=account, name=f"试验{number}", roles=("office" if writes(number) else "viewer",))
            for number, account in enumerate(accounts)
        ]
        keep_people(store, drafts, LOCAL_ADMINISTRATOR, datetime.now())
        store.close()
        if readers:
            copies_folder(database).mkdir()
        for number in range(readers):
            (folder / f"reader{number}").mkdir()
        main_process = Server(folder, **BEHIND)
        others = [
            Server(folder / f"reader{number}", **BEHIND, COUNTY_READER="1", COUNTY_DB=str(database))
            for number in range(readers)
        ]
        servers = [main_process, *others]
        for server in servers:
            wait_until_filled(server)
        before = Nginx(program, folder, main_process.port, [server.port for server in others])
        try:
            doors = [
                Door(
                    before.port, "/jczd", f"county_session={session}; county_desk={'' if writes(number) else 'reading'}"
                )
                for number, session in enumerate(sessions(database, accounts))
            ]
            process_ids = [server.process_id for server in servers]
            tally = asyncio.run(many_people(process_ids, doors, seconds, pause))
        finally:
            before.stop()
            for server in servers:
                server.stop()
        logged = tracebacks("".join(server.log.read_text("utf-8") for server in servers))
        print(f"processes that only read               {readers}")
        return report(people, seconds, pause, tally, kept_texts(database), logged)


def main(people: int, minutes: float, pause: float, readers: int) -> int:
    """Both crowds, one after the other; 1 when something went wrong."""
    program = nginx_program()
    if program is None:
        raise SystemExit("no nginx on this machine")
    with TemporaryDirectory() as place:
        filled = Path(place) / "filled.duckdb"
        fill(filled)
        well = [crowd_before(program, filled, people, minutes * 60, pause, number) for number in (0, readers)]
    return int(not all(well))


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]]
    asked = [*given, *(100, 2, 10, 2)[len(given) :]]
    sys.exit(main(int(asked[0]), asked[1], asked[2], int(asked[3])))
