"""The first charts of a server are drawn while another thread still imports pandas, which Plotly looks into."""

from __future__ import annotations

import subprocess
import sys

from tests.support.serving import ROOT

# pandas is known by name long before it is whole: a page that draws meanwhile must not fail.
_WHILE_PANDAS_COMES_IN = """
import sys, threading, time
from importlib.abc import MetaPathFinder
import streamlit
from plotly.tools import return_figure_from_figure_or_data
import core.method.assessment, core.wording.verdicts

come_in = threading.Event()

class Slow(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "pandas.core.api":
            come_in.wait()

sys.meta_path.insert(0, Slow())
threading.Thread(target=__import__, args=("pandas",)).start()
while "pandas" not in sys.modules:
    time.sleep(0.001)
threading.Timer(3, come_in.set).start()
from ui import charts
chart = {"data": [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}]}
print(len(return_figure_from_figure_or_data(chart, validate_figure=True)["data"]))
"""


def test_a_chart_is_drawn_while_pandas_is_still_imported() -> None:
    command = [sys.executable, "-c", _WHILE_PANDAS_COMES_IN]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.stdout.strip(), found.returncode) == ("1", 0), found.stderr[-2000:]
