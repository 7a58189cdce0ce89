"""`assess-many` on an Apache Spark cluster of this machine: a driver and two executors, each a process of its own.

    SPARK_HOME=… python -m benchmarks.spark_cluster LAKE [--year 2023] [--runs 3] [--kill]

SPARK_HOME is an installed Apache Spark 4 (`pip install pyspark` in an environment of its own holds one). The result is compared
with DuckDB's, value by value, before anything is told. With --kill an executor is killed in the middle of a run: the
result is whole all the same, or there is none.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median

import duckdb

from core.errors import PlatformError
from core.lake.judging import RESULTS, judge_lake
from core.rules.standard_loading import load_standard

_SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
_EXECUTOR = b"CoarseGrainedExecutorBackend"
_START_SECONDS = 120


@contextmanager
def cluster(home: Path) -> Iterator[str]:
    """A Spark Connect server over a local cluster of two executors; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    spark = Path(os.environ["SPARK_HOME"])
    settings = {
        "spark.connect.grpc.binding.port": port,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 4,
        "spark.local.dir": home / "local",
    }
    command: list[str | Path] = [
        spark / "bin" / "spark-submit",
        "--class",
        _SERVER,
        "--master",
        "local-cluster[2,1,1536]",
    ]
    command += [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--name", "many counties", "spark-internal"],
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "SPARK_HOME": str(spark)},
        )
    try:
        begun = time.monotonic()
        while True:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None or time.monotonic() - begun > _START_SECONDS:
                raise SystemExit(f"Spark did not start:\n{(home / 'log').read_text('utf-8')[-2000:]}")
            time.sleep(0.5)
        yield f"sc://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def kill_an_executor() -> int:
    """Kill one executor of this machine's cluster; returns its process, 0 where there is none."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if _EXECUTOR in command:
            os.kill(int(entry.name), signal.SIGKILL)
            return int(entry.name)
    return 0


def differing(one: Path, other: Path) -> int:
    """How many rows of two results are not the same to 1e-9."""
    found = 0
    with duckdb.connect() as reader:
        for name in RESULTS:
            sides = [
                reader.execute(f"select * from read_parquet('{out}/{name}/*/part.parquet') order by all").fetchall()
                for out in (one, other)
            ]
            found += abs(len(sides[0]) - len(sides[1]))
            for a, b in zip(*sides, strict=False):
                found += any(
                    abs(x - y) > 1e-9 * max(1, abs(x)) if isinstance(x, float) and isinstance(y, float) else x != y
                    for x, y in zip(a, b, strict=True)
                )
    return found


def main() -> int:
    """Print medians and the ratio to DuckDB; 1 where the answers differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake", type=Path)
    parser.add_argument("--year", type=int, default=2023)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    standard, now = load_standard(), datetime.now()
    seconds: dict[str, list[float]] = {"DuckDB": [], "Spark": []}
    wrong = 0
    with tempfile.TemporaryDirectory() as made, cluster(Path(made)) as address:
        home = Path(made)

        def run(name: str, remote: str | None) -> Path:
            out = home / name
            begun = time.perf_counter()
            judge_lake(
                str(options.lake.resolve()), out, standard, {}, now, remote=remote, years=[options.year],
                tell=lambda line: print(line, file=sys.stderr),
            )  # fmt: skip
            seconds["Spark" if remote else "DuckDB"].append(time.perf_counter() - begun)
            return out

        for n in range(options.runs):
            wrong += differing(run(f"duckdb{n}", None), run(f"spark{n}", address))
        local, remote = median(seconds["DuckDB"]), median(seconds["Spark"])
        print(
            f"DuckDB {local:.1f} s, Spark local-cluster {remote:.1f} s (×{remote / local:.1f}); rows that differ: {wrong}"
        )
        if options.kill:
            threading.Timer(remote / 2, lambda: print(f"killed executor {kill_an_executor()}")).start()
            try:
                whole = differing(home / "duckdb0", run("killed", address))
                print(f"with an executor killed in the middle: {seconds['Spark'][-1]:.1f} s; rows that differ: {whole}")
                wrong += whole
            except PlatformError as refusal:
                print(
                    f"with an executor killed in the middle: refused, nothing written: {not (home / 'killed').exists()}"
                )
                print(refusal)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
