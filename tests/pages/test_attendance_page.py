"""控辍保学: the ledgers, the forms, what is left of a list that names children."""

from __future__ import annotations

from datetime import date

import pytest

from core.delivery.attendance.cases import read_cases
from core.delivery.attendance.months import read_months
from core.store.database import Store
from tests.pages.conftest import COUNTY, Open, press, title, unescaped, words

PAGE, AS_OF = "carrying_out/attendance", date(2023, 11, 30)
LIST = (
    "姓名,身份证件号,学校标识码,年级,疑似辍学时间\n"
    "王小明,350526201501011234,350526-0047,一年级,2023-10-02\n"
    "李小红,350526201501011242,350526-0047,一年级,2023-10-09\n"
)


def test_the_townships_say_who_has_no_case_and_what_the_cases_change(open_page: Open) -> None:
    app = open_page(PAGE)
    assert title(app) == "本学年个案 28 件，未了结 5 件（待核查 4 件）；填报未入学 37 人，其中 25 人没有个案"
    said = words(app)
    assert "11,103 人，已入学 11,089 人，差 14 人" in said and "11,097 人，已入学 11,090 人，差 7 人" in said
    assert "▲ 6 人没有个案" in said and "去向经另一人核查属实的才计算" in said


def test_a_case_is_registered_from_found_to_outcome_and_nothing_asks_for_a_name(open_page: Open, store: Store) -> None:
    app = open_page(PAGE, attendance_part="疑似辍学")
    assert not [field.label for field in app.text_input if field.label != "查找"], "no field takes a text"
    assert not app.text_area
    pick = {s.label: s for s in app.selectbox}
    pick["乡镇（未在学校的填）"].set_value("350526102")
    pick["年级（未入学的填应读年级）"].set_value(1)
    press(app, "登记个案")
    [case] = [c for c in read_cases(store, COUNTY, AS_OF) if c.township_code == "350526102"]
    assert f"已登记个案 {case.case_id}" in words(app) and case.kind == "not_enrolled"

    app = open_page(PAGE, attendance_part="疑似辍学", case=case.case_id)
    assert "◇ 尚未送达通知" in unescaped(words(app))
    next(s for s in app.selectbox if s.label == "去向").set_value("deferred")
    press(app, "登记进展")
    assert "去向、日期、凭据都要填" in app.error[0].value
    next(d for d in app.date_input if d.label == "去向日期").set_value(AS_OF)
    next(s for s in app.selectbox if s.label == "凭据").set_value("approval")
    press(app, "登记进展")
    assert "去向经另一人核查后计算" in words(app)
    app = open_page(PAGE, attendance_part="疑似辍学", case=case.case_id)
    app.button_group[0].set_value("属实")
    press(app, "登记核查")
    assert "应由另一人核查" in app.error[0].value


def test_a_schools_month_is_kept_and_who_is_absent_without_a_case_is_told(open_page: Open, store: Store) -> None:
    app = open_page(PAGE, attendance_part="在校月报")
    assert "62/67 所学校已报" in unescaped(words(app))
    school = next(s for s in app.selectbox if s.label == "学校")
    school_id = "350526-0071"
    school.set_value(school_id)
    press(app, "保存在校月报")
    assert "学校、学籍人数、实到人数都要填" in app.error[0].value
    next(s for s in app.selectbox if s.label == "学校").set_value(school_id)
    for label, number in (("学籍人数", 12), ("实到人数（含批准的病事假）", 10)):
        next(n for n in app.number_input if n.label == label).set_value(number)
    press(app, "保存在校月报")
    assert read_months(store, COUNTY, AS_OF)[school_id, date(2023, 11, 1)].absent == 2
    assert "▲ 未到 2 人，2 人没有个案" in unescaped(words(app))


@pytest.mark.parametrize("township", ["350526100", "350526102"])
def test_a_township_page_links_to_its_cases(open_page: Open, township: str) -> None:
    said = words(open_page("carrying_out/units", unit=township))
    assert "控辍保学个案" in said and "没有个案" in said


def test_a_platform_list_opens_the_missing_cases_and_keeps_no_name(open_page: Open, store: Store) -> None:
    app = open_page(PAGE, attendance_part="平台名单")
    app.file_uploader[0].set_value(("名单.csv", LIST.encode(), "text/csv")).run()
    said = unescaped(words(app))
    assert "没有读取、没有保存：含姓名、身份证、证件的列。" in said
    assert "名单 2 人：台账已有 1 人，需新立 1 件。" in said
    before = len(read_cases(store, COUNTY, AS_OF))
    press(app, "新立 1 件个案")
    assert "已按名单新立 1 件个案。" in words(app)
    assert len(read_cases(store, COUNTY, AS_OF)) == before + 1
    for (table,) in store.rows("select table_name from duckdb_tables()"):
        assert not {"王小明", "李小红"} & {
            str(v) for r in store.records(f'select * from "{table}"') for v in r.values()
        }
