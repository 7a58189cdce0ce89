"""The screen's Markdown as HTML: what this package wrote is drawn, what came from data stays text."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.method.assessment import Verdict
from tests.support.html_tables import spoken
from ui.labels import plain, verdict_mark
from ui.markup.figures import bullet, gap_bar, sparkline
from ui.markup.inline import html_of
from ui.markup.rows import table_html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**[远庄](profile?school=1&x=2)**", '<strong><a href="profile?school=1&amp;x=2">远庄</a></strong>'),
        (":red[▲ 未达标]", '<span class="mark red">▲ 未达标</span>'),
        (
            ":small[:gray[a **b**]]",
            '<span class="mark small"><span class="mark gray">a <strong>b</strong></span></span>',
        ),
        ("a  \nb", "a<br>\nb"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        (":red[not closed", ":red[not closed"),
        (":pink[no colour of ours]", ":pink[no colour of ours]"),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert html_of(markdown) == html


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_data_stands_in_a_cell_as_it_is(text: str) -> None:
    shown = html_of(plain(text))
    assert "<" not in shown and unescape(shown) == text
    assert html_of(f":red[{plain(text)}]") == f'<span class="mark red">{shown}</span>'


def test_what_is_fine_folds_and_nothing_takes_no_room() -> None:
    rows = [{"学校": f"**{n}**", "缺": str(n), "结论": verdict_mark(v)} for n, v in enumerate(list(Verdict)[:3])]
    html = table_html(rows, pressing=[False, True, False], fold="其余 {n} 所均达标")
    opened, folded = html.split('class="folded"')
    assert "<strong>1</strong>" in opened and "<strong>0</strong>" in folded and "其余 2 所均达标" in folded
    assert 'class="number nothing"' in folded, "a zero is left away on a phone"
    assert "unfold" not in table_html(rows) and "unfold on-a-phone" in table_html(rows * 5)
    assert "全部 3 项" in table_html(rows, pressing=[False] * 3)


def test_a_figure_says_its_numbers_to_who_does_not_see_it() -> None:
    assert 'aria-label="本校 0.87，标准 1.00"' in bullet(0.87, 1.0, 0.85, "本校 0.87，标准 1.00")
    assert "width:60.00%" in gap_bar(6, 3, 1) and gap_bar(0, 0, 0) == '<span class="gap-bar" aria-hidden="true"></span>'
    assert 'alt="走势"' in sparkline([1, None, 3], "走势") and sparkline([1, None], "走势") == ""
    assert bullet(None, 1.0, None, "未报").count("<i") == 2


def test_the_words_of_a_table_are_read_cell_by_cell() -> None:
    assert spoken(table_html([{"甲": "一", "乙": "二"}])).split() == ["甲", "乙", "一", "二"]
