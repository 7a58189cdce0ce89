"""CSV files without bounds, and with characters that are no text, are refused in words."""

from pathlib import Path

import pytest

from core.errors import InputRejected
from core.intake.reading import bounds, csv_rows, sources
from core.intake.reading.sources import open_source, open_uploads


def refusal(content: bytes, name: str = "schools.csv") -> str:
    with pytest.raises(InputRejected) as rejected:
        open_uploads([(name, content)])
    return "\n".join(p.sentence() for p in rejected.value.problems)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a" * 2_000_000, "第 1 行：这一行超过 1,000,000 个字符"),
        (b"a,b\n" + b"," * 800_000, "第 2 行：这一行有 800,001 格；应为：不超过 702 列"),
        (b'a,b\n"' + b"x\n" * 20_000, "一条记录占了 10,001 行"),
        (b"a,b\n" + b"x" * 40_000 + b",1\n", "第 2 行：有一格有 40,000 个字符"),
        (b"a,b\n" + b"x" * 140_000 + b",1\n", "有一格过长；应为：每格不超过 32,767 个字符"),
        (b"a,b\n1,\0\n", "空字符"),
        ("a,b\n1,\ud800\n".encode("utf-8", "surrogatepass"), "第 2 行：文件编码认不出来"),
    ],
    ids=["a line", "columns", "an open quote", "a text", "a text beyond the parser", "NUL", "half a pair"],
)
def test_a_file_without_bounds_is_refused_at_its_line(content: bytes, says: str) -> None:
    assert says in refusal(content)


def test_files_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST_CSV_BYTES", 1_000_000)
    files = [(f"{name}.csv", b"a\n" * 300_000) for name in "ab"]
    with pytest.raises(InputRejected, match="各文件共不超过 1 MB"):
        open_uploads(files)


def test_a_file_is_weighed_before_it_is_read(tmp_path: Path) -> None:
    for name in ("上报.xlsx", "schools.csv"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(bounds.LARGEST_FILE_BYTES + 1)
    for path in (tmp_path, tmp_path / "上报.xlsx"):
        with pytest.raises(InputRejected, match="不超过 200 MB 的文件"):
            open_source(path)


def test_rows_without_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MOST_ROWS", 200)
    open_uploads([("schools.csv", b"a\n" * 200)])
    assert "超过 200 行" in refusal(b"a\n" * 201)


def test_many_files_are_refused() -> None:
    with pytest.raises(InputRejected, match="有 301 个 CSV 文件；应为：不超过 300 个"):
        open_uploads([(f"{n}.csv", b"a\n") for n in range(301)])


def test_cells_are_counted_over_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_CELLS", 100)
    open_uploads([("a.csv", b"1,2\n" * 40)])
    with pytest.raises(InputRejected, match="“b”：单元格太多"):
        open_uploads([("a.csv", b"1,2\n" * 40), ("b.csv", b"1,2\n" * 40)])


def test_a_file_name_is_shown_as_it_looks_and_bounded() -> None:
    source = open_uploads([("上报\u202egpj.csv", b"a\n")])
    assert source.name == "上报gpj.csv"
    assert open_uploads([("坏\udcff.csv", b"a\n")]).name == "坏?.csv"
    assert "文件名有 5,004 个字符" in refusal(b"a\n", "名" * 5000 + ".csv")
