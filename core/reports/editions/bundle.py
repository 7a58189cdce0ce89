"""Every edition of the county in one run: a zip with the county's papers, a folder a department, township and school.

    editions(run, tell) -> bytes
    edition_counts(run) -> [(group, number, unit)]

A unit that leads nothing and owes nothing has no folder; the list inside says which papers there are and which there are not.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.access import Actor
from core.delivery.owed.meeting import Since
from core.delivery.owed.scoreboard import Score
from core.delivery.owed.units import township_page, unit_page
from core.delivery.status.situation import Situation
from core.method.assessment import Assessment
from core.outlook.remedies.coefficients import Judge
from core.progress import Tell
from core.reports.briefing.briefings import county_briefing, township_briefing, unit_briefing
from core.reports.briefing.page import briefing_pdf
from core.reports.briefing.school_briefing import school_briefing
from core.reports.editions.county_picture import county_picture
from core.reports.editions.school_paper import school_paper
from core.reports.editions.unit_paper import township_paper, unit_paper
from core.reports.editions.wall_chart import wall_chart
from core.reports.meeting_pack import meeting_pack
from core.reports.official.paper import Paper, of_a_draft
from core.reports.official.word import paper_docx
from core.reports.tables import file_name
from core.rules.plan import TOWNSHIPS_KIND

Make = Callable[[], bytes]


@dataclass(frozen=True)
class EditionRun:
    """What a run is made of: the year judged, the day, who takes it away (names stand in it as they may see them).

    `report` is the self-evaluation, `protocol` that of the last mock evaluation; `link` is where the county's figures are
    checked, empty where nobody pinned them, `draft` the unpublished batch that is looked at.
    """

    situation: Situation
    assessment: Assessment
    judge: Judge
    scores: Sequence[Score]
    since: Since | None
    reader: Actor
    source_line: str
    is_demo: bool
    report: Paper | None = None
    protocol: Paper | None = None
    link: str = ""
    draft: int | None = None


def editions(run: EditionRun, tell: Tell) -> bytes:
    """The zip; `tell` hears how far it is and may stop it."""
    listed = [*_county(run), *_departments(run), *_townships(run), *_schools(run)]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for place, (path, make) in enumerate(listed, 1):
            package.writestr(path, make())
            tell(place / len(listed))
        lines = [f"共 {len(listed)} 份。", *(path for path, _ in listed), *_without(run), run.source_line]
        package.writestr("目录.txt", "\r\n".join(lines).encode("utf-8-sig"))
    return made.getvalue()


def edition_counts(run: EditionRun) -> list[tuple[str, int, str]]:
    """For whom there are papers: group, how many, of what unit."""
    schools = {row.school_id for row in run.assessment.rows}
    return [
        ("全县", 1, "套"),
        ("部门", len(_owing_units(run)), "个部门"),
        ("乡镇", len(run.situation.township_names), "个乡镇"),
        ("学校", len(schools), "所学校"),
    ]


def _county(run: EditionRun) -> Iterator[tuple[str, Make]]:
    now, judged, source, demo = run.situation, run.assessment, run.source_line, run.is_demo
    briefing = replace(county_briefing(now, judged, run.scores, run.judge, source, demo), link=run.link)
    yield _named("全县", "简报", "pdf", demo), lambda: briefing_pdf(briefing)
    yield _named("全县", "简报图片", "png", demo), lambda: county_picture(briefing)
    for sheet in ("A1", "A3"):
        yield (
            _named("全县", f"作战图{sheet}", "pdf", demo),
            lambda sheet=sheet: wall_chart(now, judged, run.scores, run.judge, source, demo, sheet, run.link),  # type: ignore[misc]
        )
    if now.plan.exists:
        pack = replace(meeting_pack(now, judged, run.since, run.scores, run.judge, source, demo), link=run.link)
        yield _named("全县", "领导小组会议材料", "pdf", demo), lambda: briefing_pdf(pack)
    for name, paper in (("自评报告", run.report), ("模拟评估报告", run.protocol)):
        if paper is not None:
            held = replace(paper, link=run.link)
            yield _named("全县", name, "docx", demo), lambda held=held: paper_docx(held)  # type: ignore[misc]


def _departments(run: EditionRun) -> Iterator[tuple[str, Make]]:
    now, demo = run.situation, run.is_demo
    for unit_id in _owing_units(run):
        name = now.plan.unit(unit_id).name
        page = unit_page(now, unit_id)
        folder = f"部门/{_safe(name)}"
        yield (
            _named(folder, f"{name}简报", "pdf", demo),
            lambda page=page: briefing_pdf(unit_briefing(now, page, run.source_line, demo)),  # type: ignore[misc]
        )
        yield (
            _named(folder, f"{name}问题任务责任清单", "docx", demo),
            lambda page=page: paper_docx(of_a_draft(unit_paper(now, page, run.reader, demo), run.draft)),  # type: ignore[misc]
        )


def _owing_units(run: EditionRun) -> list[str]:
    """The departments that lead something, answer for an issue, a decision or a project."""
    plan = run.situation.plan
    found = []
    for unit in plan.units:
        if unit.kind in ("group", TOWNSHIPS_KIND):
            continue
        page = unit_page(run.situation, unit.unit_id)
        if page.leads or page.issues or page.decisions or page.projects or page.shares:
            found.append(unit.unit_id)
    return found


def _townships(run: EditionRun) -> Iterator[tuple[str, Make]]:
    now, demo = run.situation, run.is_demo
    for code, name in now.township_names.items():
        page = township_page(now, code)
        folder = f"乡镇/{_safe(name)}"
        yield (
            _named(folder, f"{name}简报", "pdf", demo),
            lambda page=page: briefing_pdf(township_briefing(now, page, run.source_line, demo)),  # type: ignore[misc]
        )
        yield (
            _named(folder, f"{name}问题任务责任清单", "docx", demo),
            lambda page=page: paper_docx(of_a_draft(township_paper(now, page, run.reader, demo), run.draft)),  # type: ignore[misc]
        )


def _schools(run: EditionRun) -> Iterator[tuple[str, Make]]:
    now, judged, demo = run.situation, run.assessment, run.is_demo
    for school_id in dict.fromkeys(row.school_id for row in judged.rows):
        row = judged.rows_of(school_id)[0]
        folder = f"学校/{_safe(judged.township_names.get(row.township_code, row.township_code))}"
        name = f"{row.name}_{school_id}"
        yield (
            _named(folder, f"{name}一校一单", "pdf", demo),
            lambda school_id=school_id: briefing_pdf(school_briefing(now, judged, school_id, run.source_line, demo)),  # type: ignore[misc]
        )
        yield (
            _named(folder, f"{name}一校一案", "docx", demo),
            lambda school_id=school_id: paper_docx(
                of_a_draft(school_paper(now, judged, school_id, run.reader, demo), run.draft)
            ),  # type: ignore[misc]
        )


def _without(run: EditionRun) -> list[str]:
    """Who has no paper, and why."""
    plan = run.situation.plan
    if not plan.exists:
        return ["没有载入实施方案，没有部门的清单和会议材料。"]
    owing = {*_owing_units(run)}
    silent = [u.name for u in plan.units if u.kind not in ("group", TOWNSHIPS_KIND) and u.unit_id not in owing]
    return [f"没有任务和问题、不出清单的单位：{'、'.join(silent)}。"] if silent else []


def _named(folder: str, name: str, suffix: str, is_demo: bool) -> str:
    return f"{folder}/{file_name(name, '', '', suffix, is_demo=is_demo)}"


def _safe(name: str) -> str:
    return file_name(name, "", "", "x").removesuffix(".x")
