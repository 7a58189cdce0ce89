"""A table as HTML: columns at a desk, one compact row each on a phone; what is fine folds behind one line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from ui.markup.inline import html_of

# A row that says nothing in a column needs no room for it on a phone.
_NOTHING = frozenset({"", "0", "—", "\\—", "0 项", "0 件", "0 个"})
_NUMBER = re.compile(r"(:\w+\[)?[-−+]?[\d,]+(\.\d+)?( ?(%|人|名|个|间|所|校|项|件|台|册|㎡|元|万元|天|个月))?\]?")
_NUMBERS_OR_NOTHING = frozenset({"—", "…", "×", "\\—", ""})
# More columns than these stand one character a line beside the menu of a small screen.
_WIDE = 6
# So many rows stand open on a phone before the rest is asked for.
_ON_A_PHONE = 10


def table_html(rows: Sequence[Mapping[str, str]], pressing: Sequence[bool] | None = None, fold: str = "") -> Markup:
    """Rows of Markdown cells, or of figures drawn already, under the headers of the first row.

    `pressing` says of each row whether it stands open; the others fold behind a line that `fold` words (`{n}` of them).
    """
    headers = list(rows[0])
    opened = list(rows) if pressing is None else [row for row, presses in zip(rows, pressing, strict=True) if presses]
    folded = [] if pressing is None else [row for row, presses in zip(rows, pressing, strict=True) if not presses]
    numeric = {h for h in headers[1:] if _is_numeric([row[h] for row in rows])}
    head = Markup("").join(
        Markup('<th scope="col" role="columnheader"{}>{}</th>').format(_class(h in numeric, False), html_of(h))
        for h in headers
    )
    bodies = _body(opened, numeric, "") if opened else Markup("")
    more = Markup("")
    if folded:
        bodies += _body(folded, numeric, "folded")
        words = fold.format(n=len(folded)) if fold else f"{'其余' if opened else '全部'} {len(folded)} 项"
        more = Markup('<button type="button" class="unfold" aria-expanded="false">{}</button>').format(words)
    elif len(opened) > _ON_A_PHONE:
        more = Markup(
            '<button type="button" class="unfold on-a-phone" aria-expanded="false">其余 {} 行</button>'
        ).format(len(opened) - _ON_A_PHONE)
    kind = "wide" if len(headers) > _WIDE else "narrow"
    if not opened:
        kind += " nothing-open"
    table = Markup('<table role="table" class="{}"><thead role="rowgroup"><tr role="row">{}</tr></thead>{}</table>')
    return Markup('<div class="rows">{}{}</div>').format(table.format(kind, head, bodies), more)


def _body(rows: Sequence[Mapping[str, str]], numeric: set[str], name: str) -> Markup:
    lines = Markup("").join(
        _row(row, numeric, "beyond" if not name and n >= _ON_A_PHONE else "") for n, row in enumerate(rows)
    )
    return Markup('<tbody role="rowgroup"{}>{}</tbody>').format(_named(name), lines)


def _words(cell: str) -> Markup:
    """A cell's words; a figure is drawn already."""
    return cell if isinstance(cell, Markup) else html_of(cell)


def _row(row: Mapping[str, str], numeric: set[str], name: str) -> Markup:
    (_, title), *rest = row.items()
    cells = Markup("").join(
        Markup('<td role="cell" data-label="{}"{}>{}</td>').format(
            header, _class(header in numeric, cell in _NOTHING), _words(cell)
        )
        for header, cell in rest
    )
    head = Markup('<th scope="row" role="rowheader">{}</th>').format(_words(title))
    return Markup('<tr role="row"{}>{}{}</tr>').format(_named(name), head, cells)


def _is_numeric(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell not in _NUMBERS_OR_NOTHING]
    return bool(said) and all(_NUMBER.fullmatch(cell.replace("\\", "").replace("**", "")) for cell in said)


def _class(is_number: bool, says_nothing: bool) -> Markup:
    return _named(" ".join(["number"] * is_number + ["nothing"] * says_nothing))


def _named(value: str) -> Markup:
    return Markup(' class="{}"').format(value) if value else Markup("")
