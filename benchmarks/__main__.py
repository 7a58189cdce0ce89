"""Every measurement, one script after the other: `python3 run.py bench [names]`, without names all of them.

What they say goes to the screen and, with the machine and the versions, into docs/measured.md: each script's last words under
its name. A script that finds an answer wrong ends with a code of its own, and so does this.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "docs" / "measured.md"
KEPT = Path(tempfile.gettempdir()) / "county-benchmarks"
NATION, ONE = KEPT / "nation", KEPT / "lake-1"
# By name: what is run in turn. The nation's lake is made once and kept.
SCRIPTS: dict[str, list[list[str]]] = {
    "start": [["start_speed", "7"]],
    "pages": [["page_speed", "7"]],
    "page-peers": [["page_peers", "7"]],
    "judging": [["judging", "31"]],
    "import": [["import_speed"]],
    "papers": [["papers_speed"]],
    "growth": [["growth", str(KEPT), "7"]],
    "engines": [["nation", str(NATION)], ["engines", str(NATION), "--runs", "7"]],
    "region": [["nation", str(NATION)], ["region_speed", str(NATION), "7"]],
    "people": [["many_people", people, "2", "10"] for people in ("10", "50", "100", "200")],
    "readers": [["readers_beside", "100", "2", "10", "2"]],
}
_VERSIONS = ("streamlit", "duckdb", "pandas", "polars", "plotly", "dash", "numpy", "sqlglot")


def machine() -> str:
    """What it was measured on."""
    cores = os.cpu_count()
    name = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{package} {version(package)}" for package in _VERSIONS)
    return f"{name}, {cores} cores, {memory:.0f} GiB; {platform.platform(terse=True)}, Python {platform.python_version()}; {versions}."


def measured_before() -> dict[str, str]:
    """What the file says of each name."""
    found: dict[str, str] = {}
    if MEASURED.exists():
        for part in MEASURED.read_text("utf-8").split("\n## ")[1:]:
            name, _, said = part.partition("\n")
            found[name.strip()] = said.strip()
    return found


def _as_markdown(said: str) -> str:
    """Tables as they are, everything else as it was printed, without the single slow requests."""
    if "|---" in said:
        return said.strip()
    lines = (line for line in said.splitlines() if line.strip() and not line.startswith(("slow:", "refusal,")))
    return "\n".join(f"    {line}" for line in lines)


def main(names: list[str]) -> int:
    """Run the scripts of these names, or all, and keep what they say."""
    KEPT.mkdir(exist_ok=True)
    unknown = [name for name in names if name not in SCRIPTS]
    if unknown:
        print(f"no such measurement: {unknown}; there are {list(SCRIPTS)}")
        return 2
    kept, failed = measured_before(), []
    for name in names or SCRIPTS:
        said = []
        for script, *arguments in SCRIPTS[name]:
            print(f"-- {script} {' '.join(arguments)}", flush=True)
            done = subprocess.run(
                [sys.executable, "-m", f"benchmarks.{script}", *arguments],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            )
            print(done.stdout, flush=True)
            said.append(_as_markdown(done.stdout))
            if done.returncode:
                failed.append(f"{script} {' '.join(arguments)}: {done.returncode}")
        kept[name] = f"{date.today()}. {machine()}\n\n" + "\n\n".join(filter(None, said))
        parts = "".join(f"\n## {one}\n{kept[one]}\n" for one in SCRIPTS if one in kept)
        MEASURED.write_text(
            "# What was measured\n\nWritten by `python3 run.py bench`; medians, ratios of one run. What they mean:"
            f" [performance.md](performance.md).\n{parts}",
            "utf-8",
        )
    for line in failed:
        print(f"missed a limit or found an answer wrong: {line}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
