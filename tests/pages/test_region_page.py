"""省市汇总 shows what was judged of many counties, opens one of them, and asks nothing of the county whose store it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from core.lake.judging import judge_lake
from core.lake.results import county_detail, county_results
from core.method.assessment import Verdict
from core.store.database import Store
from core.wording.regions.county_lines import causes
from core.wording.verdicts import WORDS
from tests.pages.conftest import Open, title, unescaped, words
from tests.support.county_builder import YEAR
from tests.support.html_tables import tables
from tests.support.lakes import DEMO, NOW, STANDARD, Lake, lake
from ui.maps.county_points import county_points
from ui.menu import menu_paths

__all__ = ["lake"]

PAGE = "conclusions/region"


@pytest.fixture(scope="module")
def out(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake's counties judged."""
    folder = tmp_path_factory.mktemp("judged") / "out"
    judge_lake(str(lake.folder), folder, STANDARD, {}, NOW)
    return folder


@pytest.fixture
def shown(out: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The platform told where the verdicts of many counties lie."""
    monkeypatch.setenv("COUNTY_RESULTS", str(out))
    return out


def test_the_list_says_of_each_county_what_its_own_judgement_says(out: Path, lake: Lake) -> None:
    counties = {c.county_code: c for c in county_results(out, YEAR)}
    alone = {code: a for (code, year), a in lake.by_default.items() if year == YEAR}
    assert set(counties) == set(alone)
    for code, assessment in alone.items():
        county = counties[code]
        assert county.verdict is assessment.verdict
        assert county.schools == assessment.schools_part
        assert county.coefficients == assessment.balance_part
        ratios = [b.cv / float(b.limit) for b in assessment.balance if b.cv is not None]
        assert county.widest == pytest.approx(max(ratios)) if ratios else county.widest is None
        failing_items = sum(i.verdict is Verdict.NOT_MET for i in assessment.items)
        assert county.not_met == county.schools.not_met + county.coefficients.not_met + failing_items
    (demo,) = [c for c in county_results(out, YEAR + 1) if c.county_code == DEMO]
    assert demo.shares == pytest.approx(
        [
            lake.by_default[DEMO, y].schools_part.met / lake.by_default[DEMO, y].schools_part.total
            for y in (YEAR, YEAR + 1)
        ]
    )


def test_one_county_opened_shows_what_is_not_met(out: Path, lake: Lake) -> None:
    for (code, year), assessment in lake.by_default.items():
        detail = county_detail(out, code, year)
        assert detail is not None and dict(detail.verdicts)[year] is assessment.verdict
        assert {(r.school_id, r.stage): r.verdict for r in detail.rows} == {
            r.key: r.verdict for r in assessment.rows if r.verdict is not Verdict.MET
        }
        assert {code for code, *_ in detail.items} == {
            i.code for i in assessment.items if i.verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSABLE)
        }
        short = {(r.school_id, r.stage, s.code) for r in detail.rows for s in r.short}
        assert short == {
            (*r.key, h.code)
            for r in assessment.rows
            if r.verdict is not Verdict.MET
            for h in r.indicators
            if h.verdict is not Verdict.MET
        }
    assert county_detail(out, "' or 1=1 --", YEAR) is None


def test_the_answer_counts_the_counties(open_page: Open, read_store: Store, shown: Path, lake: Lake) -> None:
    verdicts = Counter(a.verdict for (_, year), a in lake.by_default.items() if year == YEAR)
    app = open_page(PAGE, region_year=str(YEAR))
    assert title(app).startswith(f"{YEAR} 学年 {verdicts[Verdict.MET]}/6 个县达标")
    assert f"{verdicts[Verdict.NOT_MET]} 个县未达标" in title(app)
    assert "演示" in words(app)
    frame = app.dataframe[0].value
    assert Counter(line.split()[1] for line in frame["结论"]) == {WORDS[v]: n for v, n in verdicts.items()}
    assert [int(n) for n in tables(app)[0]["县数"]] == [n for _, n in causes(county_results(shown, YEAR))]
    assert "本页回答：各县是否达标" in words(app)


def test_verdict_and_name_narrow_the_list(open_page: Open, read_store: Store, shown: Path) -> None:
    named = open_page(PAGE, region_year=str(YEAR), region_name="350601")
    assert list(named.dataframe[0].value["县代码"]) == ["350601"]
    none = open_page(PAGE, region_year=str(YEAR), region_name="没有这个县")
    assert "没有符合条件的县" in words(none)


def test_a_link_opens_one_county(open_page: Open, read_store: Store, shown: Path, lake: Lake) -> None:
    app = open_page(PAGE, county=DEMO)
    assessment = lake.by_default[DEMO, YEAR + 1]
    heading = unescaped(app.header[0].value)
    assert heading.startswith(f"{DEMO}县 {YEAR + 1} 学年{WORDS[assessment.verdict]}")
    assert f"{assessment.schools_part.met}/{assessment.schools_part.total} 所（分学段计）达标" in heading
    coefficients = tables(app)[1]
    assert len(coefficients) == len(assessment.balance)
    other = open_page(PAGE, county="<script>")
    assert "没有县代码为" in unescaped(words(other))


def test_no_result_is_said_with_the_next_step(
    open_page: Open, read_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "本机没有设置多县汇总" in words(open_page(PAGE))
    monkeypatch.setenv("COUNTY_RESULTS", str(tmp_path))
    app = open_page(PAGE)
    assert "没有可用的判定结果" in unescaped(app.error[0].value)
    (tmp_path / "result.json").write_text(json.dumps({"counties": {"2023": 1}}), "utf-8")
    assert "没有可用的判定结果" in unescaped(open_page(PAGE).error[0].value)
    assert "region" in menu_paths()


def test_it_needs_no_figures_of_this_county(open_page: Open, empty_store: Store, shown: Path) -> None:
    app = open_page(PAGE)
    assert "个县" in title(app) and not app.exception


def test_the_points_show_each_placed_county_once(out: Path) -> None:
    from base64 import b64decode

    counties = county_results(out, YEAR)
    drawn = str(county_points(counties))
    picture = b64decode(drawn.split("base64,")[1].split('"')[0]).decode()
    assert picture.count("M") == sum(c.lon is not None for c in counties) > 0
    assert county_points([]) == ""
