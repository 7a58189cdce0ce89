"""平台名单: the national platform's list read for counts, what it adds to the ledger, nothing of it kept that names a child."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import streamlit as st

from core.delivery.attendance.cases import keep_cases
from core.delivery.attendance.platform_list import ListedSchool, PlatformList, gone_cases, new_cases, read_list
from core.errors import InputRejected
from core.intake.reading.sources import open_uploads
from core.wording.carrying_out.attendance import GRADE_NAMES, case_title
from core.wording.school_names import school_names
from ui import draft
from ui.carrying_out.attendance.case_view import homes
from ui.forms import may, send_button
from ui.frame import View
from ui.labels import plain
from ui.tables import sentence_table

_FORM = "platform_list"
_SHOWN = 30


def platform_list(view: View) -> None:
    """Take a list in, say what of it was not looked at, and open the cases that the ledger lacks."""
    st.markdown(
        "上传从全国学籍平台导出的疑似辍学名单。只读取 **学校、年级、日期** 三列并计数；姓名、证件号码等其余各列不读取，"
        "文件不保存。没有身份信息，同一学生无法辨认，按学校和年级的人数与台账核对。"
    )
    if not may(view, "attend"):
        return
    file = st.file_uploader("平台名单（.xlsx、.xls、.ods 或 .csv）", key=f"{_FORM}_{draft.edition(_FORM)}")
    if file is None:
        return
    try:
        found = draft.worked_out(_FORM, _identity(file.getvalue()), lambda: _read(view, file.name, file.getvalue()))
    except InputRejected as rejected:
        st.error("\n".join(f"- {plain(p.sentence())}" for p in rejected.problems))
        return
    _say_what_was_left(found)
    if found.problems:
        st.error(plain(f"名单有 {len(found.problems)} 处读不懂，没有登记。请在文件中更正后重新上传。"))
        st.markdown("\n".join(f"- {plain(p.sentence())}" for p in found.problems[:_SHOWN]))
        return
    _compare(view, found)


def _identity(content: bytes) -> str:
    """What tells one file from another: nothing of the file itself stays in the session."""
    return sha256(content).hexdigest()


def _read(view: View, name: str, content: bytes) -> PlatformList:
    towns = view.assessment.township_names
    stages: dict[str, set[str]] = {}
    for row in view.assessment.rows:
        stages.setdefault(row.school_id, set()).add(row.stage)
    schools = [
        ListedSchool(s.school_id, s.name, towns.get(s.township_code, ""), stages.get(s.school_id) == {"junior"})
        for s in view.situation.facts.schools.get(view.year, ())
    ]
    # A file may be called after a child: what is said of it calls it a list.
    return read_list(open_uploads([(f"名单{Path(name).suffix[:5]}", content)]), schools, view.as_of)


def _say_what_was_left(found: PlatformList) -> None:
    parts = [f"含{'、'.join(found.personal)}的列"] if found.personal else []
    parts += [f"另外 {found.others} 列"] if found.others else []
    if parts:
        st.info(plain(f"没有读取、没有保存：{'，'.join(parts)}。"))


def _compare(view: View, found: PlatformList) -> None:
    schools, names = homes(view), school_names(view.situation)
    cases = view.situation.cases
    drafts = new_cases(found.entries, cases, schools, view.as_of)
    gone = gone_cases(found.entries, cases, view.as_of)
    st.markdown(
        plain(
            f"名单 {len(found.entries)} 人：台账已有 {len(found.entries) - len(drafts)} 人，需新立 {len(drafts)} 件。"
        )
    )
    if gone:
        listed = "、".join(case_title(c, names, view.situation.township_names) for c in gone[:_SHOWN])
        st.warning(plain(f"台账上有 {len(gone)} 件已不在名单中，请登记去向：{listed}。"))
    if not drafts:
        st.success("台账与名单相符，不用新立。")
        return
    sentence_table(
        [
            {
                "学校": plain(names[d.school_id or ""]),
                "年级": plain(GRADE_NAMES[d.grade]),
                "发现": plain(_day(d.found_on, view.as_of)),
            }
            for d in drafts[:_SHOWN]
        ]
    )
    with st.form(f"{_FORM}_send", border=False):

        def write() -> str:
            ids = keep_cases(view.store, view.plan, schools, view.county_code, drafts, view.actor, datetime.now())
            return f"已按名单新立 {len(ids)} 件个案。"

        send_button(f"新立 {len(drafts)} 件个案", _FORM, True, write)


def _day(found: date, as_of: date) -> str:
    return "名单没有日期，记为今天" if found == as_of else str(found)
