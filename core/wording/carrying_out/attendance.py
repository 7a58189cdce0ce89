"""控辍保学 in words: cases, outcomes and papers by name, what a township's figures and cases come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.delivery.attendance.cases import AttendanceCase, CaseKind, CaseSource, Outcome, Proof
from core.delivery.attendance.counts import Explained
from core.delivery.owed.attendance import TownshipAttendance

KIND_NAMES: Mapping[CaseKind, str] = {"not_enrolled": "应入学未入学", "left": "在学后离校"}
SOURCE_NAMES: Mapping[CaseSource, str] = {"school": "学校发现", "township": "乡镇排查", "platform": "全国学籍平台"}
OUTCOME_NAMES: Mapping[Outcome, str] = {
    "returned": "入学、复学",
    "home_teaching": "送教上门",
    "transferred": "转学",
    "deferred": "延缓入学",
    "suspended": "休学",
    "abroad": "出国（境）",
    "registration": "户籍问题",
    "lost": "失联",
    "mistaken": "登记有误",
}
PROOF_NAMES: Mapping[Proof, str] = {
    "attendance_record": "到校考勤记录",
    "approval": "批准手续",
    "transfer_record": "转学手续",
    "exit_record": "出国（境）证明",
    "household_record": "户籍部门证明",
    "search_record": "查找记录",
    "roll_record": "学籍核对记录",
}
GRADE_NAMES: Mapping[int, str] = {
    n: name
    for n, name in enumerate(
        ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "初一", "初二", "初三"), 1
    )
}  # fmt: skip
NOTHING_PERSONAL = "只登记年级、日期和去向，不登记学生姓名、证件号码和住址；需要核对的，查学校的学籍档案。"
HOW_IT_COUNTS = (
    "去向经另一人核查属实的才计算：入学、复学、送教上门、转学的计为在学，延缓入学、休学、出国（境）、户籍问题的不计入"
    "应入学人数，失联的仍计为未入学。个案不少于填报的通知书份数时，送达和返校按个案计；不足的按填报数计。"
)


def case_state(case: AttendanceCase, as_of: date) -> str:
    """How a case stands, with its shape."""
    if case.at_school:
        return f"● {OUTCOME_NAMES[case.outcome]}，已核查" if case.outcome else ""
    if case.excused:
        return f"– {OUTCOME_NAMES[case.outcome]}，已核查" if case.outcome else ""
    if case.outcome is not None and case.checked is False:
        return f"▲ {OUTCOME_NAMES[case.outcome]}，核查不实"
    if case.outcome is not None and case.checked is None:
        return f"○ {OUTCOME_NAMES[case.outcome]}，待核查"
    if case.outcome == "lost":
        return "▲ 失联，未返校"
    if case.is_late(as_of):
        assert case.term is not None
        return f"▲ 限期已过 {(as_of - case.term).days} 天"
    return "◇ 已送达通知，限期内" if case.notice_on else "◇ 尚未送达通知"


def case_title(case: AttendanceCase, schools: Mapping[str, str], townships: Mapping[str, str]) -> str:
    """A case as lists name it: its number, where, which grade."""
    place = schools.get(case.school_id or "", "") or townships.get(case.township_code, case.township_code)
    return f"{case.case_id} {place} {GRADE_NAMES[case.grade]}"


def notice_text(case: AttendanceCase) -> str:
    """The notice: its number, when it was served, its term."""
    if case.notice_on is None:
        return "未送达"
    return f"〔{case.notice_on.year}〕{case.notice_number} 号，{case.notice_on} 送达，限 {case.term}"


def attendance_headline(cases: Sequence[AttendanceCase], townships: Sequence[TownshipAttendance]) -> str:
    """How many children are not at school, for how many nobody wrote a case, which townships reported nothing."""
    waiting = sum(case.outcome is not None and case.checked is None for case in cases)
    said = f"本学年个案 {len(cases)} 件，未了结 {sum(case.is_open for case in cases)} 件"
    said += f"（待核查 {waiting} 件）" if waiting else ""
    known = [t.explained for t in townships if t.explained.missing is not None]
    silent = len(townships) - len(known)
    if not known:
        return f"{said}；入学人数尚未填报"
    without, beyond = sum(e.without_case or 0 for e in known), sum(e.beyond for e in known)
    said += f"；填报未入学 {sum(e.missing or 0 for e in known)} 人"
    said += f"，其中 {without} 人没有个案" if without else "" if beyond or silent else "，都有个案"
    said += f"，另有 {beyond} 件个案多于填报" if beyond else ""
    return said + (f"，{silent} 个乡镇未填报" if silent else "")


def quarter_text(cases: Sequence[AttendanceCase], as_of: date) -> str:
    """How many outcomes of the quarter a second person has checked."""
    quarter = (as_of.month - 1) // 3
    known = [
        c
        for c in cases
        if c.outcome_on is not None
        and (c.checked is None or (c.outcome_on.year, (c.outcome_on.month - 1) // 3) == (as_of.year, quarter))
    ]
    checked = sum(c.checked is not None for c in known)
    name = f"{as_of.year} 年第 {'一二三四'[quarter]} 季度"
    return f"{name}应核查 {len(known)} 件，已核查 {checked} 件" if known else f"{name}没有应核查的个案"


def explained_text(found: Explained) -> str:
    """How far a township's cases account for its figures."""
    parts = []
    if found.without_case:
        parts.append(f"▲ {found.without_case} 人没有个案")
    if found.beyond:
        parts.append(f"▲ 个案比填报的未入学人数多 {found.beyond} 件")
    if found.notices_without_case:
        parts.append(f"▲ {found.notices_without_case} 份通知没有个案")
    if found.unchecked:
        parts.append(f"○ 待核查 {found.unchecked} 件")
    if found.missing is None or found.notices_without_case is None:
        parts.append("○ 未填报全")
    return "，".join(parts) or ("● 与个案相符" if found.cases else "● 没有个案")
