"""What the sheets of one dataset must say together: keys known, rolls adding up, schools open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches

from core.dataset.cells import Value, quoted
from core.dataset.characters import likeness
from core.dataset.dictionary import codes, name_of, sheet
from core.dataset.rows import Row, Tables
from core.dataset.school_kinds import STAGES_ALLOWED_BESIDE, STAGES_AS_REPORTED, STAGES_OF_KIND, is_open
from core.dataset.sheet_kinds import SCHOOL_YEAR_SHEETS, SHEETS_OF_SCHOOLS, years_of
from core.errors import LISTED_OF_A_KIND, Findings, Level, Problem
from core.intake.checkup.part_totals import parts_within_totals
from core.intake.checkup.pupils_in_classes import pupils_in_classes
from core.naming import named

_SHOWN = 5
# Beyond the schools of any county nothing is compared: each search looks at every code.
_MOST_COMPARED = 2_000
_MOST_NEAR = 5


def faults_within(tables: Tables, readable: set[str]) -> Iterator[Problem]:
    """Every finding that the dataset alone gives; sheets that could not be read are no ground for one."""
    for checks in (
        _known_townships,
        _known_schools,
        _open_schools,
        _stages_fit_kind,
        pupils_in_classes,
        _unreported,
        _unknown_figures,
    ):
        yield from checks(tables, readable)
    yield from parts_within_totals(tables)


def _problem(
    level: Level, sheet_id: str, row: Row | None, column: str | None, found: str, expected: str, advice: str = ""
) -> Problem:
    name = sheet(sheet_id).column(column).name if column else None
    return Problem(
        level,
        sheet(sheet_id).name,
        row.number if row else None,
        name,
        found,
        expected,
        advice,
    )


def only_county(tables: Tables, readable: set[str], problems: Findings) -> str:
    """The six-digit code that all townships share, empty when there is none; what is wrong goes to `problems`."""
    prefixes: dict[str, Row] = {}
    for row in tables["townships"]:
        code = str(row["code"])
        if len(code) != 9 or not (code.isascii() and code.isdigit()):
            problems.append(
                _problem("FAIL", "townships", row, "code", f"{quoted(code)}不是乡镇代码", "九位数字的乡镇代码")
            )
        else:
            prefixes.setdefault(code[:6], row)
    if len(prefixes) > 1:
        row = list(prefixes.values())[1]
        problems.append(
            _problem("FAIL", "townships", row, "code", f"出现多个县的代码 {'、'.join(prefixes)}", "一份数据只含一个县")
        )
    if not prefixes and "townships" in readable:
        problems.append(_problem("FAIL", "townships", None, None, "没有任何乡镇", "至少一个乡镇"))
    return next(iter(prefixes), "")


def _schools(tables: Tables) -> dict[Value, Row]:
    return {row["school_id"]: row for row in tables["schools"]}


class _Known:
    """The codes of a register, and which of them an unknown one may stand for.

    A code that only resembles another is as likely a third one: it is proposed where it is the same but for the way it
    is written, or where `agrees` finds the name or the township of the row in it.
    """

    def __init__(
        self,
        where: str,
        codes_: Collection[Value],
        names: Mapping[str, Value] | None = None,
        agrees: Callable[[Row, str], bool] = lambda row, code: False,
    ) -> None:
        self.codes = codes_
        self._names = dict(names or {}) if len(codes_) <= _MOST_COMPARED else {}
        self._where = where
        self._texts = [str(code) for code in codes_] if len(codes_) <= _MOST_COMPARED else []
        self._like = {likeness(text): text for text in self._texts}
        self._agrees = agrees
        self._searches = LISTED_OF_A_KIND

    def unknown(self, level: Level, sheet_id: str, row: Row, column: str) -> Problem:
        """The finding for a code that the register does not hold."""
        # To search is slow, and what is not listed needs no advice.
        self._searches -= 1
        near = self._near(row, str(row[column])) if self._searches >= 0 else ""
        advice = f"是否应为“{near}”" if near else f"请在“{self._where}”表中补上，或更正"
        found = f"{quoted(row[column])}不在“{self._where}”表中"
        return _problem(level, sheet_id, row, column, found, f"“{self._where}”表中的代码", advice)

    def _near(self, row: Row, text: str) -> str:
        if likeness(text) in self._like:
            return self._like[likeness(text)]
        if not text.isascii():
            # A list of names instead of codes: a near one is asked about, never taken.
            return next((f"{self._names[n]} {n}" for n in get_close_matches(text, self._names, n=1, cutoff=0.6)), "")
        near = get_close_matches(text, self._texts, n=_MOST_NEAR, cutoff=0.8)
        return next((code for code in near if self._agrees(row, code)), "")


def _known_townships(tables: Tables, readable: set[str]) -> Iterator[Problem]:
    if "townships" not in readable:
        return
    names = {str(row["code"]): str(row["name"] or "").rstrip("镇乡街道") for row in tables["townships"]}

    def agrees(row: Row, code: str) -> bool:
        return bool(names[code]) and names[code] in str(row["name"] or "")

    known = _Known("乡镇", {row["code"] for row in tables["townships"]}, agrees=agrees)
    for sheet_id in ("schools", "attendance"):
        for row in tables[sheet_id]:
            if row["township_code"] not in known.codes:
                yield known.unknown("FAIL", sheet_id, row, "township_code")


def _known_schools(tables: Tables, readable: set[str]) -> Iterator[Problem]:
    if "schools" not in readable:
        return
    known = _Known("学校", _schools(tables), {str(r["name"]): r["school_id"] for r in tables["schools"] if r["name"]})
    for sheet_id in SHEETS_OF_SCHOOLS:
        for row in tables[sheet_id]:
            if row["school_id"] not in known.codes:
                yield known.unknown("FAIL", sheet_id, row, "school_id")
    for row in tables["schools"]:
        opened, closed = row["opened_year"], row["closed_year"]
        if isinstance(opened, int) and isinstance(closed, int) and closed < opened:
            yield _problem("WARN", "schools", row, "closed_year", f"{closed} 早于启用学年 {opened}", "不早于启用学年")


def other_schools(tables: Tables, readable: set[str], counting: Tables | None) -> Iterator[Problem]:
    """Schools named by others; they may stand in another township's workbook."""
    if "schools" not in readable:
        return
    schools = (*tables["schools"], *(counting or {}).get("schools", []))
    homes = {str(row["school_id"]): row["township_code"] for row in schools}
    known = _Known("学校", set(homes), agrees=lambda row, code: homes[code] == row["township_code"])
    for row in tables["schools"]:
        for column in ("parent_school_id", "paired_school_id"):
            if row[column] is not None and row[column] not in known.codes:
                yield known.unknown("WARN", "schools", row, column)


def _open_schools(tables: Tables, readable: set[str]) -> Iterator[Problem]:
    if "schools" not in readable:
        return
    schools = _schools(tables)
    levels: tuple[tuple[str, Level], ...] = (
        ("enrolment", "FAIL"),
        ("premises", "WARN"),
        ("classes", "WARN"),
        ("class_bands", "WARN"),
        ("grade_enrolment", "WARN"),
        ("special_rooms", "WARN"),
    )
    for sheet_id, level in levels:
        for row in tables[sheet_id]:
            school = schools.get(row["school_id"])
            if school and not is_open(school, row["year"]):
                advice = "请核对启用、停办学年" if level == "FAIL" else "这一行不参与计算"
                yield _problem(
                    level,
                    sheet_id,
                    row,
                    "year",
                    f"{quoted(row['school_id'])}{row['year']} 学年没有开办",
                    "开办的学年",
                    advice,
                )


def _stages_fit_kind(tables: Tables, readable: set[str]) -> Iterator[Problem]:
    schools = _schools(tables)
    for row in tables["enrolment"]:
        school = schools.get(row["school_id"])
        allowed = (*STAGES_OF_KIND[str(school["kind"])], *STAGES_ALLOWED_BESIDE[str(school["kind"])]) if school else ()
        if school and row["stage"] not in allowed:
            kind = name_of("kind", str(school["kind"]))
            yield _problem(
                "WARN",
                "enrolment",
                row,
                "stage",
                f"{kind}填报了{name_of('stage', str(row['stage']))}学段",
                f"{kind}的学段",
                "按附设班处理，学校资源按加权学生数分摊",
            )


def _unreported(tables: Tables, readable: set[str]) -> Iterator[Problem]:
    if not {"schools", "enrolment"} <= readable:
        return
    reported: dict[tuple[Value, Value], set[Value]] = defaultdict(set)
    for row in tables["enrolment"]:
        reported[row["school_id"], row["year"]].add(row["stage"])
    for year in years_of(tables, SCHOOL_YEAR_SHEETS):
        opened = [school for school in tables["schools"] if is_open(school, year)]
        if opened and not any(reported[school["school_id"], year] for school in opened):
            yield _none_reported(year, opened)
            continue
        for school in opened:
            yield from _stages_unreported(school, year, reported[school["school_id"], year])


def _none_reported(year: int, schools: list[Row]) -> Problem:
    """Said once: a finding for each of a county's schools would say the same a hundred times."""
    names = named([str(school["name"] or school["school_id"]) for school in schools], most=_SHOWN)
    return _problem(
        "WARN",
        "enrolment",
        None,
        None,
        f"{year} 学年 {len(schools)} 所开办学校都没有填报在校生与教师：{names}",
        "开办学校逐年填报",
        "按无法判定处理；只有班级的学年用于生源预测",
    )


def _stages_unreported(school: Row, year: int, stages: set[Value]) -> Iterator[Problem]:
    kind = str(school["kind"])
    if not stages:
        yield _problem(
            "WARN",
            "schools",
            school,
            None,
            f"{quoted(school['school_id'])}{year} 学年没有填报在校生与教师",
            "开办学校逐年填报",
            "按无法判定处理",
        )
    elif kind not in STAGES_AS_REPORTED:
        for stage in STAGES_OF_KIND[kind]:
            if stage not in stages:
                yield _problem(
                    "WARN",
                    "schools",
                    school,
                    None,
                    f"{quoted(school['school_id'])}{year} 学年没有填报{name_of('stage', stage)}学段",
                    "每个学段一行，没有学生填 0",
                    "按无法判定处理",
                )


def _unknown_figures(tables: Tables, readable: set[str]) -> Iterator[Problem]:
    for row in tables["county_figures"]:
        if str(row["figure"]) not in codes("figure"):
            yield _problem(
                "WARN",
                "county_figures",
                row,
                "figure",
                f"不认识的数据项{quoted(row['figure'])}",
                "数据字典中的数据项",
                "保留但不参与计算",
            )
