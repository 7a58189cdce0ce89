"""The page of schools in Plotly Dash: the same rows, the same filter, the same sentence; a process of its own.

python -m benchmarks.peers.dash_app ROWS.json PORT
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dash import Dash, Input, Output, dcc, html


def app_over(rows: list[dict[str, str]]) -> Dash:
    """The app: a choice of the verdict, a sentence, a table."""
    app = Dash(__name__, serve_locally=True)
    verdicts = ["全部", *sorted({row["结论"] for row in rows})]
    app.layout = html.Div(
        [html.H1(id="answer"), dcc.RadioItems(verdicts, "全部", id="verdict"), html.Table(id="table")]
    )

    @app.callback(Output("answer", "children"), Output("table", "children"), Input("verdict", "value"))  # type: ignore[untyped-decorator]
    def show(verdict: str) -> tuple[str, list[html.Tr]]:
        shown = [row for row in rows if verdict in ("全部", row["结论"])]
        head = html.Tr([html.Th(name) for name in rows[0]])
        return f"{verdict} {len(shown)} 所学校", [head, *(html.Tr([html.Td(v) for v in row.values()]) for row in shown)]

    return app


if __name__ == "__main__":
    app_over(json.loads(Path(sys.argv[1]).read_text("utf-8"))).run(port=int(sys.argv[2]), debug=False)
