"""抓落实: every page opens, answers, and shows what was just written; refusals are said and change nothing."""

from __future__ import annotations

import json
import re
from datetime import date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Actor
from core.delivery.ledger.ledger import read_issues
from core.delivery.projects import read_projects
from core.delivery.records.records import UpdateDraft, UpdateKey, read_records, records_version
from core.delivery.records.records_writing import append_update
from core.store.database import Store
from tests.pages.conftest import COUNTY, Open, press, seen, title, typed, unescaped, words
from tests.support.demo_county import PLAN
from tests.support.html_tables import html_bodies, tables

AS_OF = date(2023, 11, 30)
TIMELINE, UNITS, PROJECTS, MAP = (f"carrying_out/{name}" for name in ("timeline", "units", "projects", "county_map"))
READ_ONLY = "当前为只读访问"


def labels(app: AppTest) -> list[str]:
    """The lines of the page's chart."""
    chart = json.loads(app.get("plotly_chart")[0].proto.spec)
    return [str(label) for label in chart["layout"]["yaxis"]["ticktext"]]


# ── 时间线 ───────────────────────────────────────────────────────────────────────────────────────
def test_the_timeline_answers_and_opens_on_targets_tasks_and_projects(open_page: Open) -> None:
    app = open_page(TIMELINE)
    assert title(app).startswith("13 项规划目标中")
    lines = labels(app)
    assert {"<b>目标</b>", "<b>任务</b>", "<b>项目</b>"} <= set(lines)
    assert len([line for line in lines if line.startswith("T")]) == len(PLAN.tasks)
    assert not any(line.startswith("T02-") for line in lines)
    chart = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert chart["layout"]["xaxis"]["tickformat"] == "%Y-%m"
    assert any(shape.get("x0") == str(AS_OF) == shape.get("x1") for shape in chart["layout"]["shapes"])
    said = words(app)
    assert all(target.name in said for target in (*PLAN.dated_targets, *PLAN.yearly_targets))
    assert all(trend in said for trend in ("增长", "下降"))


def test_every_line_of_the_timeline_says_its_state_in_a_sign_that_the_key_explains(open_page: Open) -> None:
    app = open_page(TIMELINE)
    signs = {line.rsplit(" ", 1)[1] for line in labels(app) if not line.startswith("<b>")}
    [targets, levels] = next(m.value for m in app.markdown if "红▲" in m.value and "绿●" in m.value).split("  \n")[:2]
    assert signs and all(sign in unescaped(targets + levels) for sign in signs)
    assert "个预警" not in words(app) and "1 个逾期" in words(app)


def test_the_overview_and_the_units_count_what_is_overdue_in_the_same_words(open_page: Open) -> None:
    shared = re.search(r"逾期 \d+ 项，涉及 \d+ 个部门和 \d+ 个乡镇", title(open_page(UNITS)))
    overview = open_page("conclusions/overview")
    assert shared and shared[0] in [s.value for s in overview.header]


def test_only_what_presses_stands_open(open_page: Open) -> None:
    app = open_page(TIMELINE)
    tasks = next(body for body in html_bodies(app) if "T02 " in body)
    opened, folded = tasks.split('class="folded"')
    assert re.search("其余 \\d+ 项", folded)
    shown = tables(app)[0]
    folded_tasks = [task for task in PLAN.tasks if f"{task.task_id} " in folded and f"{task.task_id} " not in opened]
    assert folded_tasks and all(
        shown.loc[i, "逾期"] == "0" for t in folded_tasks for i in shown.index if str(i).startswith(f"{t.task_id} ")
    )


def test_a_task_opens_its_sub_items_and_a_township_its_own(open_page: Open) -> None:
    task = open_page(TIMELINE, task="T02")
    assert [line[:5] for line in labels(task) if line.startswith("T")] == [f"T02-{n}" for n in range(1, 7)]
    assert title(open_page(TIMELINE, unit="finance")).startswith("财政局涉及的 8 项规划目标中")
    township = open_page(TIMELINE, township="350526101")
    lines = labels(township)
    assert title(township).startswith("全县 13 项规划目标中")
    assert "<b>目标</b>" not in lines and any(line.startswith("T02") for line in lines)
    assert "6 项具体措施" in words(township)


def test_before_the_deadline_a_target_says_what_pace_it_needs_and_when_to_start(open_page: Open) -> None:
    said = words(open_page(TIMELINE, as_of="2021-06-30"))
    assert "按近年速度不能按期达到" in said and "最迟须于" in said and "距 2023-09-01 判定还有" in said


# ── 部门与乡镇 ───────────────────────────────────────────────────────────────────────────────────
def test_the_scoreboard_lists_every_unit_that_leads_with_its_denominators(open_page: Open) -> None:
    app = open_page(UNITS)
    assert title(app).startswith(f"8 个部门和 18 个乡镇牵头 {sum(1 for _ in PLAN.sub_items()) + 1} 项"), (
        "one was added since"
    )
    assert len(tables(app)[0]) == 26
    shares = [cell for cell in tables(app)[0]["到期事项按期"] if cell != "—"]
    assert shares and all("/" in cell and "%" in cell for cell in shares)


def test_a_link_opens_one_department_and_one_township(open_page: Open) -> None:
    department = open_page(UNITS, unit="education")
    assert title(department).startswith("教育局：牵头")
    said = words(department)
    assert "体育场馆" in said and "填报为已完成，但数据尚未达标" in said
    township = open_page(UNITS, unit="350526101")
    assert title(township).startswith("龙浔镇：13/13 所学校（分学段计）达标")
    said = words(township)
    assert "个班超过限值" in said and "适龄儿童" in said and "送达 4 份，返校 3 人" in said


def answer(app: AppTest, sub_item_id: str, status: str) -> None:
    """Press a status on the card of a sub-item."""
    [card] = [g for g in app.get("button_group") if f"_{sub_item_id}_" in str(g.key)]
    card.set_value(status)


# In a month's first days nobody has reported yet.
BEGUN = "2023-11-10"


def test_a_month_is_answered_card_by_card_and_what_nobody_pressed_is_not_reported(
    open_page: Open, store: Store
) -> None:
    app = open_page(UNITS, unit="education", unit_part="月报", division="planning_finance", as_of=BEGUN)
    said = words(app)
    assert "本月待答 22 项" in said and "计财与项目股" in said and "已逾期、上次报有风险或滞后" in said
    before = next(e.label for e in app.expander if "未报送名单" in e.label)
    typed(app, "填报人姓名", "张三")
    press(app, "保存月报")
    assert "一项状态也没有选" in app.error[0].value, "what stands there from last month is no report"
    answer(app, "T05-2", "滞后（红）")
    answer(app, "T04-2", "正常推进")
    press(app, "保存月报")
    assert "教育局已报送 2 项，还有 2 项待答。" in words(app) and "本月待答 20 项" in words(app)
    assert next(e.label for e in app.expander if "未报送名单" in e.label) == before
    updates = read_records(store, COUNTY, date(2023, 11, 10)).updates
    kept = updates[UpdateKey("T05-2", "education")]
    assert (kept.status, kept.actor, kept.verified, kept.day) == ("late", "张三", False, date(2023, 11, 10))
    assert kept.path_to_green, "last month's words came along as the draft"
    assert updates[UpdateKey("T05-3", "education")].day < date(2023, 11, 1)


def test_a_unit_that_has_answered_leaves_the_list_of_who_has_not(open_page: Open, store: Store) -> None:
    app = open_page(UNITS, unit="finance", unit_part="月报", as_of=BEGUN)
    assert "本月待答 2 项。" in words(app)
    listed = next(e.label for e in app.expander if "未报送名单" in e.label)
    typed(app, "填报人姓名", "张三")
    answer(app, "T07-5", "已完成")
    answer(app, "T01-8", "已完成")
    press(app, "保存月报")
    assert "本月已报齐 2 项" in words(app)
    after = next(e.label for e in app.expander if "未报送名单" in e.label)
    assert int(listed.split("：")[1].split()[0]) - 1 == int(after.split("：")[1].split()[0])


def test_what_nobody_asks_may_be_reported_and_a_risk_needs_its_path_back(open_page: Open, store: Store) -> None:
    app = open_page(UNITS, unit="civil_affairs", unit_part="月报")
    assert "本月没有到期、逾期或有变化的事项，不用填报" in words(app)
    field = next(s for s in app.selectbox if s.label == "填报哪一项")
    assert any("（配合）" in option for option in field.options) and any("（配合）" not in o for o in field.options)
    field.set_value("T13-2").run()
    answer(app, "T13-2", "有风险（黄）")
    typed(app, "报送人姓名", "张三")
    press(app, "保存这一项")
    assert "恢复" in app.error[0].value
    typed(app, "恢复正常的措施和时间", "年底前补齐")
    press(app, "保存这一项")
    assert "民政局已报送 T13-2" in words(app)
    kept = read_records(store, COUNTY, AS_OF).updates[UpdateKey("T13-2", "civil_affairs")]
    assert (kept.status, kept.path_to_green, kept.actor) == ("risk", "年底前补齐", "张三")


def test_a_report_without_a_name_is_refused_and_nothing_is_written(open_page: Open, store: Store) -> None:
    app = open_page(UNITS, unit="finance", unit_part="月报", as_of=BEGUN)
    before = records_version(store)
    answer(app, "T07-5", "已完成")
    press(app, "保存月报")
    assert "请先填写姓名" in app.error[0].value
    assert records_version(store) == before


def test_the_second_of_two_writers_is_told_and_both_are_kept(open_page: Open, store: Store) -> None:
    app = open_page(UNITS, unit="finance", unit_part="月报", as_of=BEGUN)
    day = date(2023, 11, 10)
    first = UpdateDraft(sub_item_id="T07-5", unit_id="finance", day=day, status="on_track", progress=61)
    answer(app, "T07-5", "正常推进")
    typed(app, "填报人姓名", "张三")
    append_update(store, PLAN, COUNTY, first, 10**6, Actor("李四"), datetime(2024, 1, 3, 9))
    press(app, "保存月报")
    assert "T07-5：您填报期间，李四已于 2024-01-03 09:00 更新了同一具体措施" in words(app)
    kept = store.rows(
        "select actor from sub_item_updates where sub_item_id = 'T07-5' and unit_id = 'finance' and day = $1"
        " order by number",
        [day],
    )
    assert [actor for (actor,) in kept] == ["李四", "张三"]


def test_a_presumed_responsibility_becomes_a_confirmed_one(open_page: Open, store: Store) -> None:
    app = open_page(UNITS, unit="education")
    field = next(s for s in app.selectbox if s.label == "具体措施")
    sub_item_id = str(field.value)
    assert PLAN.sub_item(sub_item_id).lead.basis == "default"
    assert sub_item_id not in read_records(store, COUNTY, AS_OF).confirmations
    typed(app, "确认人姓名", "张三")
    press(app, "确认")
    assert f"已确认 {sub_item_id}：教育局牵头" in words(app)
    assert read_records(store, COUNTY, AS_OF).confirmations[sub_item_id][-1].lead_unit_id == "education"


# ── 一张图 ───────────────────────────────────────────────────────────────────────────────────────
def test_the_legend_and_the_list_count_the_place_that_the_map_opens_on(open_page: Open) -> None:
    app = open_page(MAP, list="true")
    lines = next(m.value for m in app.markdown if "项目" in m.value and "未参评" in m.value).splitlines()
    counted = {
        line.split(" 所**")[0].lstrip("*"): [int(n) for n in re.findall(r"(?<!未定位) (\d+) 所(?!\*)", line)]
        for line in lines
    }
    assert set(counted) == {"城关中心区 29", "全县 68"}
    for where, numbers in counted.items():
        assert sum(numbers) == int(where.split()[1]) and 0 not in numbers
    listed = next(t for t in tables(app) if "位置" in t)
    assert len(listed) == 29 and "其余 39 所学校" in words(app)
    county = open_page(MAP, list="true", map_view="全县")
    assert "城关中心区 29 所" not in words(county)
    assert len(next(t for t in tables(county) if "位置" in t)) == 68


def test_the_map_names_what_fails_and_where_and_looks_at_a_township(open_page: Open) -> None:
    app = open_page(MAP)
    assert title(app) == "2023 学年 3 所学校未达标，都在浔中镇，另有 1 所无法判定"
    for failing in ("溪塘初级中学", "远庄小学", "霞坂学校"):
        assert f"▲ {failing}" in words(app)
    assert "浔中镇 16/19 ▲ 3 未达标" in " ".join(words(app).split()) and "体育场馆缺 2,508 ㎡" in words(app)
    there = open_page(MAP, township="350526101")
    assert title(there) == "龙浔镇：2023 学年没有未达标学校" and "▲ 远庄小学" not in words(there)


# ── 项目与台账 ───────────────────────────────────────────────────────────────────────────────────
def test_a_blank_slot_of_a_project_shows(open_page: Open, store: Store) -> None:
    app = open_page(PROJECTS)
    projects = read_projects(store, COUNTY, AS_OF)
    assert title(app).startswith(f"{len(projects)} 个项目")
    blank = sum(len(PLAN.project_slots) - len(p.slots) for p in projects)
    cells = [str(c) for t in tables(app) for c in [*t.index, *t.to_numpy().ravel()]]
    assert blank > 0 and sum("空缺" in cell for cell in cells) == blank


def test_a_project_names_the_school_that_is_still_to_open(open_page: Open) -> None:
    said = words(open_page(PROJECTS, as_of="2020-10-31"))
    assert "建成后开办" in said and not re.search(r"(?<!school=)350526-\d{4}", said)


def test_a_new_project_stands_among_the_cards(open_page: Open, store: Store) -> None:
    app = open_page(PROJECTS, project="new")
    typed(app, "一个项目", "城北小学扩建")
    typed(app, "填报人姓名", "张三")
    press(app, "保存项目")
    assert title(app).startswith("13 个项目")
    assert "城北小学扩建" in words(app)


def issue_step(app: AppTest, fields: dict[str, str], taker: str, name: str) -> AppTest:
    """Fill in the next step's form and send it."""
    for label, text in {**fields, taker: name}.items():
        typed(app, label, text)
    return press(app, "登记")


def test_an_issue_goes_from_a_proposal_to_its_closing_by_a_second_person(open_page: Open, store: Store) -> None:
    app = open_page(PROJECTS, part="督办台账")
    assert "数据显示另有 6 处应建账" in title(app)
    typed(app, "建账人姓名", "王五")
    press(app, "建账")
    issue = read_issues(store, COUNTY, AS_OF)[-1]
    assert app.query_params["issue"] == str(issue.serial)
    assert "数据显示另有 5 处应建账" in title(app)
    said = words(app)
    assert f"已建账：第 {issue.serial} 号" in said and "王五（身份未确认）" in said

    next(d for d in app.date_input if d.label == "整改时限").set_value(date(2024, 3, 1))
    issue_step(app, {"责任人": "张三"}, "交办人姓名", "王五")
    assert "那时已不能计入方案的完成情况" in app.error[0].value
    issue_step(app, {"说明（时限超出方案期限的，写明理由）": "须等寒假分班"}, "交办人姓名", "王五")
    issue_step(app, {"整改措施": "调整招生分流"}, "经办人姓名", "张三")
    issue_step(app, {"整改报告、佐证材料的名称或说明（有附件的可不填）": "分班名册"}, "经办人姓名", "张三")
    app.radio[0].set_value("通过")
    issue_step(app, {}, "核验人姓名", " 张三 ")
    assert "核验和销号须由另一人办理" in app.error[0].value
    issue_step(app, {}, "核验人姓名", "赵六")
    issue_step(app, {}, "销号人姓名", "赵六")
    assert "须待数据达标，或写明理由后销号" in app.error[0].value
    next(c for c in app.checkbox if "凭理由销号" in c.label).check()
    issue_step(app, {"销号理由和依据": "2024 年秋季起按标准编班"}, "销号人姓名", "赵六")

    steps = read_issues(store, COUNTY, AS_OF)[-1].steps
    assert [step.step_id for step in steps] == ["assigned", "correcting", "evidence", "recheck", "closed"]
    # Two typed names are no two persons: the record stands, the issue stays open.
    assert "已登记销号，核验、销号人身份未确认，不作数" in words(app)
    assert read_issues(store, COUNTY, AS_OF)[-1].closing is None


def test_a_problem_that_no_figure_shows_is_opened_by_hand(open_page: Open, store: Store) -> None:
    app = open_page(PROJECTS, part="督办台账")
    typed(app, "问题", "食堂留样不全")
    typed(app, "登记人姓名", "王五")
    press(app, "建账登记")
    assert "还没有填写：来源、依据" in app.error[0].value
    next(s for s in app.selectbox if s.label == "来源").set_value("complaint")
    next(t for t in app.text_area if t.label.startswith("依据")).set_value("2023-11-28 随访，留样柜缺两餐")
    next(m for m in app.multiselect if m.label == "涉及学校").set_value(["350526-0001"])
    press(app, "建账登记")
    issue = read_issues(store, COUNTY, AS_OF)[-1]
    assert (issue.title, issue.school_ids, issue.actor) == ("食堂留样不全", ("350526-0001",), "王五")
    assert (issue.source, issue.basis) == ("complaint", "2023-11-28 随访，留样柜缺两餐")
    said = words(app)
    assert "投诉反映" in said
    assert f"已建账：第 {issue.serial} 号" in said and "没有对应的指标，销号须写明理由" in said


def test_the_ledger_filters_and_hands_out_files(open_page: Open, store: Store) -> None:
    app = open_page(PROJECTS, part="督办台账", ledger_state="已销号")
    closed = [i for i in read_issues(store, COUNTY, AS_OF) if i.closing is not None]
    assert f"台账 {len(closed)} 件" in [s.value for s in app.header]
    assert [b.label for b in app.get("download_button")] == ["下载 Excel", "下载 CSV"]


def test_a_decision_is_recorded_and_continued(open_page: Open, store: Store) -> None:
    app = open_page(PROJECTS, part="议定事项")
    number = len(read_records(store, COUNTY, AS_OF).decisions)
    assert title(app).startswith(f"领导小组议定 {number} 项")
    typed(app, "决定的内容", "增设城北小学")
    next(s for s in app.selectbox if s.label == "责任单位").set_value("education")
    typed(app, "登记人姓名", "张三")
    press(app, "登记")
    assert title(app).startswith(f"领导小组议定 {number + 1} 项")
    assert "增设城北小学" in words(app)


def test_filing_a_document_changes_the_counts(open_page: Open, store: Store) -> None:
    app = open_page(PROJECTS, part="佐证目录", task="T06")
    missing = [line.strip() for line in words(app).splitlines() if line.strip().startswith("▲ 缺 ")]
    before = title(app)
    wanted = missing[0].removeprefix("▲ 缺 ")
    owing = next(s for s in PLAN.sub_items() if s.sub_item_id.startswith("T06") and wanted in s.evidence)
    next(s for s in app.selectbox if s.label == "具体措施或指标").set_value(owing.sub_item_id)
    seen(app.run())
    next(s for s in app.selectbox if s.label == "材料名称").set_value(wanted)
    typed(app, "登记人姓名", "张三")
    press(app, "登记")
    assert "须填写文号" in app.error[0].value, "a title is no document"
    typed(app, "文号（没有文号的填本单位编号）", "德教〔2023〕18号")
    next(d for d in app.date_input if d.label == "成文日期").set_value(date(2023, 11, 20))
    press(app, "登记")
    assert f"已登记“{wanted}”：已归档（张三（身份未确认））。" in words(app)

    def filed(sentence: str) -> int:
        return int(sentence.split("已归档 ")[1].split(" 份")[0])

    def confirmed(sentence: str) -> int:
        return int(sentence.split("经核验 ")[1].split(" 份")[0])

    assert (filed(title(app)), confirmed(title(app))) == (filed(before) + 1, confirmed(before))


# ── beside the pages ─────────────────────────────────────────────────────────────────────────────
def test_the_overview_and_the_class_sizes_carry_what_is_due_and_the_plans_targets(open_page: Open) -> None:
    overview = open_page("conclusions/overview")
    assert any(s.value.startswith("逾期 15 项") for s in overview.header)
    assert re.search(r"一个月内到期 \d+ 项", words(overview)) and "教育局 10 项" in words(overview)
    said = words(open_page("conclusions/class_sizes"))
    assert "城关中心区全面消除大班额" in said and "小学最大班额 47 人" in said


@pytest.mark.parametrize(
    ("page", "address", "label"),
    [
        (UNITS, {"unit": "finance", "unit_part": "月报", "as_of": BEGUN}, "保存月报"),
        (PROJECTS, {"part": "督办台账"}, "建账"),
        (PROJECTS, {"part": "议定事项"}, "登记"),
        (PROJECTS, {"project": "new"}, "保存项目"),
    ],
)
def test_a_reader_sees_why_nothing_can_be_written(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str, address: dict[str, str], label: str
) -> None:
    monkeypatch.setenv("COUNTY_LAN", "1")
    monkeypatch.setenv("COUNTY_OPEN_READING", "1")
    app = open_page(page, **address)
    assert READ_ONLY in words(app)
    assert all(b.disabled for b in app.button if b.label == label)
    assert any(b.label == label for b in app.button)


def test_before_the_plan_began_every_page_says_so(open_page: Open) -> None:
    day = "2018-12-31"
    assert title(open_page(PROJECTS, as_of=day)) == "还没有登记项目"
    assert "没有符合条件的问题。" in words(open_page(PROJECTS, part="督办台账", as_of=day))
    assert title(open_page(PROJECTS, part="议定事项", as_of=day)) == "还没有登记领导小组议定事项"
    timeline = open_page(TIMELINE, as_of=day)
    assert title(timeline).startswith("13 项规划目标中") and "未到启动时间" in words(timeline)
    assert "尚无可比年度" in words(timeline)
    department = open_page(UNITS, unit="education", as_of=day)
    assert "没有项目。" in words(department) and "没有未销号的问题。" in words(department)
    assert "本月没有到期、逾期或有变化的事项" in words(open_page(UNITS, unit="education", unit_part="月报", as_of=day))


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (TIMELINE, {"task": "T02"}),
        (UNITS, {"unit": "civil_affairs", "unit_part": "月报"}),
        (PROJECTS, {"part": "议定事项"}),
        (PROJECTS, {"part": "佐证目录"}),
    ],
)
def test_what_a_page_lists_can_be_taken_away(open_page: Open, page: str, address: dict[str, str]) -> None:
    offered = [b.label for b in open_page(page, **address).get("download_button")]
    assert offered[-2:] == ["下载 Excel", "下载 CSV"]


def test_a_department_is_told_by_the_days_figures_while_an_earlier_year_is_looked_at(open_page: Open) -> None:
    app = open_page(UNITS, unit="education", as_of="2023-11-30", year="2021")
    said = "\n".join(code.value for code in app.code)
    assert "2023 学年（2023 年 9 月 1 日）" in said and "2021 学年（" not in said
