"""The month in words: why something is asked, how far a unit is."""

from __future__ import annotations

from collections.abc import Mapping

from core.delivery.owed.month import Asking, DivisionMonth, Month, Question
from core.delivery.records.records import SubItemUpdate
from core.wording.delivery import REPORTED_LABELS

ASKING_WORDS: Mapping[Asking, str] = {
    Asking.LATE: "已逾期",
    Asking.DUE: "本月到期",
    Asking.SHORT: "核算未达到",
    Asking.DIVERGING: "填报与核算不一致",
    Asking.TROUBLED: "上次报有风险或滞后",
    Asking.PROMISED: "上次预计的完成日已过",
    Asking.FIRST: "尚未报过",
}
OTHER_DIVISION = "未分股室"


def asking_text(question: Question) -> str:
    """Why it is asked."""
    return "、".join(ASKING_WORDS[reason] for reason in question.reasons) or "本月已报"


def division_name(division: DivisionMonth) -> str:
    """The division's name."""
    return division.division.name if division.division else OTHER_DIVISION


def month_sentence(month: Month) -> str:
    """How much is still to be answered, by which divisions, and how much was said."""
    owed = len(month.missing)
    said = len(month.asked) - owed
    if not owed:
        return f"本月已报齐 {said} 项" if said else "本月没有到期、逾期或有变化的事项，不用填报"
    waiting = [f"{division_name(d)} {len(d.missing)} 项" for d in month.divisions if d.missing]
    by_division = f"（{'、'.join(waiting)}）" if len(month.divisions) > 1 else ""
    return f"本月待答 {owed} 项{by_division}" + (f"，已报 {said} 项" if said else "")


def last_said(update: SubItemUpdate | None) -> str:
    """What was reported last, as the draft of this month's report."""
    if update is None:
        return "尚未报过"
    progress = "" if update.progress is None else f" {update.progress}%"
    forecast = f"，预计 {update.forecast_date} 完成" if update.forecast_date else ""
    note = f"：{update.note}" if update.note else ""
    return f"{update.day} 报{REPORTED_LABELS[update.status]}{progress}{forecast}{note}"
