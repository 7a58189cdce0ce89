"""The invented supervision of the demonstration county: inspectors, their visits, letters, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from demo.county import stream
from demo.metrics import County, days_on

Row = dict[str, object]
APPOINTED = date(2023, 9, 4)
MONTHS = (date(2023, 9, 5), date(2023, 10, 9), date(2023, 11, 6))
# So many schools an inspector looks after; the last few of the county have none yet.
SCHOOLS_EACH, WITHOUT_INSPECTOR = 6, 3
VISITED_SHARE = (0.95, 0.9, 0.8)
TOPICS = ("management", "enrolment", "teaching", "pupils", "teachers", "safety", "canteen", "spirit", "balance")
SEEN = {
    "management": "查阅校务会记录和值班台账，记录完整", "enrolment": "核对转入转出手续，与学籍系统一致",
    "teaching": "随堂听课两节，课程开设与课表一致", "pupils": "查看作业公示和大课间，时间落实",
    "teachers": "查阅师德承诺和研修记录，资料齐全", "safety": "查看校门值守和消防通道，通道畅通",
    "canteen": "查看食堂留样和索证索票，记录连续", "spirit": "走访班级，秩序良好",
    "balance": "核对功能教室和仪器台账，与报表相符",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What a visit found at a school: a title, the visit's words, and how far the correction has come."""

    school: str
    day: date
    topics: tuple[str, ...]
    observed: str
    title: str
    done: bool
    due: date


CASES = (
    Case("350526-0004", date(2023, 9, 12), ("teaching", "balance"), "实验室开放登记缺 9 月以来记录，两间功能教室改作他用",
         "两间功能教室改作他用", done=True, due=date(2023, 10, 20)),
    Case("350526-0012", date(2023, 10, 11), ("pupils",), "抽查两个班级，体育课被占用各 1 节", "体育课被占用", done=True,
         due=date(2023, 11, 10)),
    Case("350526-0021", date(2023, 9, 19), ("canteen", "safety"), "食堂留样冰箱温度记录缺 5 天，消防栓一处被遮挡",
         "食堂留样记录不全、消防栓被遮挡", done=False, due=date(2023, 10, 31)),
    Case("350526-0033", date(2023, 11, 8), ("teachers",), "音乐课由语文教师兼任，未列入走教安排", "音乐课没有专任教师",
         done=False, due=date(2023, 12, 15)),
)  # fmt: skip


def make_inspectors(county: County) -> list[Row]:
    """The responsible inspector of each school, but for a few that have none yet."""
    schools = _schools(county)
    return [
        {"day": APPOINTED, "actor": county.person("education"), "kind": "school", "identifier": school,
         "township_code": "", "person": _inspector(county, place), "post": "责任督学", "phone": "", "note": "挂牌督导"}
        for place, school in enumerate(schools[:-WITHOUT_INSPECTOR])
    ]  # fmt: skip


def make_visits(county: County, seed: int, last: date) -> list[Row]:
    """A visit a month to most schools, and those that found something."""
    rows = [_case_visit(county, case) for case in CASES]
    for place, school in enumerate(_schools(county)[:-WITHOUT_INSPECTOR]):
        for first, share in zip(MONTHS, VISITED_SHARE, strict=True):
            draw = stream(seed, "visit", school, first)
            day = days_on(first, draw.randint(0, 20))
            if draw.random() < share and day <= last:
                topics = draw.sample(TOPICS, 2)
                rows.append(
                    {"visit": f"V{len(rows) + 1:03d}", "day": day, "actor": _inspector(county, place), "verified": 1,
                     "school_id": school, "topics": " ".join(topics),
                     "observed": "；".join(SEEN[topic] for topic in topics), "response": "无异议", "note": ""}
                )  # fmt: skip
    return rows


def make_school_issues(county: County) -> tuple[list[Row], list[Row]]:
    """What the visits put on the ledger, and what the schools did about it."""
    issues, steps = [], []
    for number, case in enumerate(CASES, 1):
        school = county.schools[case.school]
        inspector, head = _inspector_of(county, case.school), county.person("school", case.school)
        issues.append(
            {"day": case.day, "actor": inspector, "issue": f"G{number:02d}", "subject": "", "title": case.title,
             "basis": case.observed, "township_code": school["township_code"], "school_ids": case.school,
             "source": "visit", "source_id": _visit_id(case)}
        )  # fmt: skip

        def step(step_id: str, day: date, actor: str, number: int = number, **cells: object) -> None:
            steps.append({"day": day, "actor": actor, "verified": int(step_id in ("recheck", "closed")),
                          "issue": f"G{number:02d}", "step_id": step_id, "without_metric": 0, **cells})  # fmt: skip

        step("assigned", days_on(case.day, 3), inspector, school_id=case.school, person=head, due=case.due,
             note=f"督导意见书 德教督意〔2023〕{number} 号")  # fmt: skip
        if case.done:
            reported = days_on(case.due, -6)
            step("correcting", days_on(case.day, 10), head, measures="对照意见书逐项整改，明确专人负责")
            step("evidence", reported, head, evidence="整改报告及照片")
            step("recheck", days_on(reported, 2), inspector, passed=1, note="到校复查，已整改到位")
            step("closed", days_on(reported, 3), inspector, without_metric=1, note="到校复查属实，此项没有对应指标")
    return issues, steps


def make_letters(county: County) -> list[Row]:
    """Opinions to the schools, and to units what they had not done in time."""
    rows = list(_opinions(county))
    office = county.person("county_government_office")
    asked = (
        ("WD01", "reminder", "human_resources", "", date(2023, 9, 8), "sub_item:T07-2", "关于教师职称评聘任务的提醒函"),
        ("WD02", "order", "finance", "", date(2023, 2, 14), "sub_item:T07-5 decision:J09", "关于教师待遇保障任务的督办单"),
        ("WD03", "notice", "townships", "350526204", date(2023, 11, 6), "sub_item:T02-2 sub_item:T02-6",
         "关于劝返复学等任务逾期的督导通报"),
        ("WD04", "talk", "education", "", date(2023, 11, 20), "decision:J14", "关于议定事项逾期的约谈通知"),
    )  # fmt: skip
    for number, (letter, kind, unit, place, day, matters, title) in enumerate(asked, 1):
        issued = {"kind": kind, "unit_id": unit, "township_code": place, "recipient": county.person(unit, place),
                  "matters": matters, "title": title, "content": f"{title}。请逐项说明原因、措施和完成时限。",
                  "document_number": f"德优创督〔2023〕{number} 号", "signer": county.person("county_government_office"),
                  "issued_on": day, "reply_by": days_on(day, 10)}  # fmt: skip
        if kind == "talk":
            # Not sent yet: a draft that waits for its number.
            issued |= {"document_number": "", "signer": "", "issued_on": ""}
            rows.append({"letter": letter, "day": day, "actor": office, "state": "draft", **issued})
            continue
        rows.append({"letter": letter, "day": day, "actor": office, "state": "issued", **issued})
        if kind == "reminder":
            received = {"received_by": county.person(unit, place), "received_on": days_on(day, 1)}
            rows.append({"letter": letter, "day": days_on(day, 8), "actor": office, "state": "answered", **issued,
                         **received})  # fmt: skip
    return rows


def _opinions(county: County) -> Iterator[Row]:
    for number, case in enumerate(CASES, 1):
        school, inspector = county.schools[case.school], _inspector_of(county, case.school)
        issued = days_on(case.day, 3)
        yield {"letter": f"WY{number:02d}", "day": issued, "actor": inspector, "state": "issued", "kind": "opinion",
               "school_id": case.school, "recipient": county.person("school", case.school), "matters": f"issue:G{number:02d}",
               "title": f"{school['name']}督导意见书", "content": f"{case.observed}。请于 {case.due} 前整改到位并报送整改报告。",
               "document_number": f"德教督意〔2023〕{number} 号", "signer": inspector, "issued_on": issued,
               "reply_by": case.due}  # fmt: skip


def _case_visit(county: County, case: Case) -> Row:
    return {"visit": _visit_id(case), "day": case.day, "actor": _inspector_of(county, case.school), "verified": 1,
            "school_id": case.school, "topics": " ".join(case.topics), "observed": case.observed,
            "response": "情况属实，立即整改", "note": ""}  # fmt: skip


def _visit_id(case: Case) -> str:
    return f"V{CASES.index(case) + 1:03d}"


def _schools(county: County) -> list[str]:
    """The schools of the last year, township by township."""
    open_ones = {school for year, school, _ in county.classes if year == MONTHS[0].year}
    return sorted(open_ones, key=lambda school: (county.schools[school]["township_code"], school))


def _inspector(county: County, place: int) -> str:
    return county.person("inspector", str(place // SCHOOLS_EACH))


def _inspector_of(county: County, school: str) -> str:
    return _inspector(county, _schools(county).index(school))
