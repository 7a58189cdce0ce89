"""督导督办 and 领导小组: who inspects which school, what a visit opens, which letter is due, what the group decides."""

from __future__ import annotations

from datetime import date

from streamlit.testing.v1 import AppTest

from core.delivery.ledger.ledger import read_issues
from core.delivery.records.persons import PersonKey, persons_of
from core.delivery.supervision.letters import read_letters
from core.delivery.supervision.visits import read_visits
from core.store.database import Store
from tests.pages.conftest import Open, press, title, typed, words
from tests.pages.test_carrying_out import AS_OF, COUNTY

SUPERVISION, MEETING = "carrying_out/supervision", "carrying_out/meeting"
SCHOOL = "350526-0001"


def chosen(app: AppTest, label: str, value: object) -> None:
    """Choose in the field with this label."""
    [field] = [f for f in [*app.selectbox, *app.multiselect] if f.label == label]
    field.set_value(value)


def test_schools_without_an_inspector_stand_first_and_get_one(open_page: Open, store: Store) -> None:
    app = open_page(SUPERVISION)
    assert title(app).startswith("68 所学校中 3 所未明确责任督学，本月 14 所还须随访")
    chosen(app, "学校（可选几所）", ["350526-0049"])
    typed(app, "姓名", "张三")
    typed(app, "登记人姓名", "王五")
    press(app, "保存")
    assert title(app).startswith("68 所学校中 2 所未明确责任督学")
    assert persons_of(store, COUNTY, AS_OF)[PersonKey("school", "350526-0049")].person == "张三"


def test_a_visit_opens_issues_and_leads_to_an_opinion(open_page: Open, store: Store) -> None:
    app = open_page(SUPERVISION, supervision_part="督导记录", visit_school=SCHOOL)
    chosen(app, "督导事项", ["canteen", "safety"])
    for label, text in (("看到的情况", "留样柜缺两餐"), ("校方意见", "立即整改")):
        typed(app, label, text)
    typed(app, "发现的问题（每行一个，逐个建账；没有的不填）", "食堂留样不全\n\n消防栓被遮挡")
    typed(app, "督学姓名", "李四")
    press(app, "登记督导")
    visit = read_visits(store, COUNTY, AS_OF)[0]
    issues = [i for i in read_issues(store, COUNTY, AS_OF) if i.source_id == str(visit.number)]
    assert [i.title for i in issues] == ["食堂留样不全", "消防栓被遮挡"] and visit.school_id == SCHOOL
    said = words(app)
    assert f"已建账：第 {issues[0].serial} 号、第 {issues[1].serial} 号" in said and "拟督导意见书" in said

    app = open_page(SUPERVISION, supervision_part="督办文书", opinion=str(visit.number))
    assert "1. 食堂留样不全；" in next(t.value for t in app.text_area if t.label == "正文")
    app.button_group[0].set_value("issued")
    app.run()
    for label, text in (("收文单位责任人", "校长"), ("文号", "意见 9 号"), ("签发人", "李四"), ("经办人姓名", "李四")):
        typed(app, label, text)
    typed(app, "说明（作废、回复期限超出方案期限的，写明理由）", "")
    next(d for d in app.date_input if d.label == "回复期限").set_value(date(2023, 12, 20))
    press(app, "登记")
    [letter] = [x for x in read_letters(store, COUNTY, AS_OF) if x.document_number == "意见 9 号"]
    assert letter.state == "issued" and set(letter.issue_numbers) == {i.number for i in issues}
    issue = open_page("carrying_out/projects", part="督办台账", issue=str(issues[0].serial))
    assert "兰屏小学（演示） 校长，2023-12-20 前" in words(issue).replace("\\", "")


def test_an_overdue_unit_gets_a_draft_that_the_product_never_issues(open_page: Open, store: Store) -> None:
    app = open_page(SUPERVISION, supervision_part="督办文书")
    assert title(app) == "应发督办文书 17 份，草稿 1 份，已印发 7 份，回复逾期 3 份"
    assert "本平台只拟草稿，不代为发文" in words(app).replace("\\", "")
    typed(app, "拟稿人姓名", "王五")
    next(b for b in app.button if b.key == "draft_notice_finance").click()
    app.run()
    [letter] = [x for x in read_letters(store, COUNTY, AS_OF) if x.unit_id == "finance" and x.state == "draft"]
    assert app.query_params["letter"] == letter.letter_id
    assert "德化县财政局：" in letter.content and "已过期限" in letter.content and "年　　月　　日" in letter.content
    assert title(app) == "应发督办文书 17 份，草稿 2 份，已印发 7 份，回复逾期 3 份", "a draft is not yet sent"
    app.button_group[0].set_value("issued")
    app.run()
    typed(app, "经办人姓名", "王五")
    press(app, "登记")
    assert "本平台不代为发文：登记为已印发的，还须填写文号、签发人。" in app.error[0].value


def test_the_meeting_pack_says_what_changed_what_to_decide_and_who_owes(open_page: Open) -> None:
    app = open_page(MEETING)
    assert title(app) == "德化县尚未达到国家优质均衡标准；本组议定事项逾期 4 项，应发督办文书 17 份"
    assert [s.value for s in app.header] == [
        "会议以来的变化", "提请决定", "本组议定、已逾期的事项", "应发未发的督办文书",
    ]  # fmt: skip
    said = words(app).replace("\\", "")
    assert "上次会议（2023 年 10 月 19 日）以来" in said and "责任督学随访 84 次" in said
    for number in range(1, 6):
        assert f"\n{number}. " in said
    assert [b.label for b in app.get("download_button")] == ["下载会议材料 PDF"]
    older = open_page(MEETING, since="2022-12-15")
    assert "→" in words(older) or "链接中的" in "".join(w.value for w in older.warning)
