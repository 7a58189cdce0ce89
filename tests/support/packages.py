"""Workbooks put together by hand, with what no spreadsheet would write."""

import io
import zipfile
from collections.abc import Mapping, Sequence

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def sheet_xml(rows: str, *, before: str = "", behind: str = "") -> str:
    """A sheet with these rows, and with what stands before and behind them."""
    return f"<worksheet {_MAIN}>{before}<sheetData>{rows}</sheetData>{behind}</worksheet>"


def cell(reference: str, value: str = "1", kind: str = "n") -> str:
    """A row with one cell."""
    return f'<row><c r="{reference}" t="{kind}"><v>{value}</v></c></row>'


def shared_texts(*texts: str) -> str:
    """The shared table of texts."""
    return f"<sst {_MAIN}>" + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"


def package_of(
    sheets: Sequence[str | bytes], *, names: Sequence[str] = (), parts: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A workbook with these sheets and further parts."""
    named = [names[n] if n < len(names) else f"S{n}" for n in range(len(sheets))]
    listed = "".join(f'<sheet name="{name}" sheetId="{n + 1}" r:id="r{n}"/>' for n, name in enumerate(named))
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/s{n}.xml"/>' for n in range(len(sheets))
    )
    relations += f'<Relationship Id="texts" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    content = {
        "_rels/.rels": f'<Relationships {_PACKAGE}><Relationship Id="r" Type="{_OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {_PACKAGE}>{relations}</Relationships>",
        **{f"xl/worksheets/s{n}.xml": xml for n, xml in enumerate(sheets)},
        **(parts or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for path, part in content.items():
            package.writestr(path, part)
    return buffer.getvalue()
