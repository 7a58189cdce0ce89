"""What decided a county item, in one sentence with its figures."""

from __future__ import annotations

from decimal import Decimal

from core.dataset.dictionary import name_of
from core.method.assessment import ItemResult, Verdict
from core.rules.standard import Item, Standard
from core.wording.numbers import against_limit, plain_text, share_text, whole_text
from core.wording.verdicts import SHAPES, marked

_JUDGEMENT = {Verdict.MET: "已有符合的结论", Verdict.NOT_MET: "结论为不符合"}
VETO_WORDS = {Verdict.MET: "未发现", Verdict.NOT_MET: "发现存在", Verdict.NOT_ASSESSABLE: "未核查"}
_VETO = {Verdict.MET: "未发现此类情形", Verdict.NOT_MET: "存在此类情形"}
# What each ratio is called; items of two ratios have two.
RATIO_NAMES = {
    ("G7", 0): "特殊教育生均公用经费",
    ("G8", 0): "教师与公务员平均工资之比",
    ("G9", 0): "培训完成率",
    ("G11", 0): "交流轮岗比例",
    ("G11", 1): "其中骨干教师比例",
    ("G12", 0): "持证上岗率",
    ("G13", 0): "小学就近划片入学比例",
    ("G13", 1): "初中就近划片入学比例",
    ("G14", 0): "名额分配比例",
    ("G15", 0): "随迁子女就读比例",
    ("Q1", 0): "初中三年巩固率",
    ("Q2", 0): "残疾儿童少年入学率",
    ("satisfaction", 0): "满意率",
}
_COUNTED = {"G3": "所学校", "G4": "所学校", "G5": "个班", "G6": "所学校", "Q4": "所学校", "Q9": "个科目"}


def item_name(code: str, standard: Standard) -> str:
    """An item as lists name it: its number in the document where it has one, and the short name."""
    item = standard.item(code)
    numbered = item.part in ("government", "quality")
    return f"{item.clause[item.clause.index('（') :]}{item.short_name}" if numbered else item.short_name


def item_verdict_text(result: ItemResult) -> str:
    """Shape and word of an item's verdict; of a case that rules the county out, whether it was found."""
    if result.part != "veto" or result.verdict is Verdict.NOT_APPLICABLE:
        return marked(result.verdict, result.borderline)
    return f"{SHAPES[result.verdict]} {VETO_WORDS[result.verdict]}"


def item_source(item: Item) -> str:
    """The formula, the clause and the papers that an item needs."""
    needed = f"应备材料：{'、'.join(item.evidence)}" if item.evidence else ""
    return "；".join(filter(None, (item.formula, item.clause, needed)))


def item_detail(result: ItemResult, standard: Standard) -> str:
    """The figures and the judgement behind an item; what is missing is named."""
    item = standard.item(result.code)
    if item.judged and result.verdict is Verdict.NOT_APPLICABLE:
        return f"{item.first_year or ''} 学年起适用，本学年或按所选口径不判定".lstrip()
    clauses = []
    if result.code in _COUNTED:
        clauses.append(_counted(result))
    elif result.figures_verdict is not None:
        clauses.append(_figures(result, item))
    if item.judged:
        found = _VETO if item.part == "veto" else _JUDGEMENT
        if result.scope and result.code not in _COUNTED:
            clauses.append(_judged_by_schools(result))
        else:
            clauses.append(found[result.judgement] if result.judgement else "尚无核查结论")
    return "；".join(clauses)


def _counted(result: ItemResult) -> str:
    unit = _COUNTED[result.code]
    if not result.scope:
        return "没有不足百人的学校" if result.verdict is Verdict.NOT_APPLICABLE else "没有可判定的数据"
    covered = f"共 {result.scope} {'科次' if result.code == 'Q9' else '所学校'}"
    clauses = [covered, f"{result.failing or 0} {unit}不符合"]
    if result.unknown:
        clauses.append(f"{result.unknown} {'科次' if result.code == 'Q9' else '所'}缺数据")
    return "，".join(clauses)


def _judged_by_schools(result: ItemResult) -> str:
    """The judgement that follows from those of the schools."""
    clauses = [f"按学校判定：共 {result.scope} 所学校，{result.failing or 0} 所不符合"]
    if result.unknown:
        clauses.append(f"{result.unknown} 所尚无结论")
    return "，".join(clauses)


def _figures(result: ItemResult, item: Item) -> str:
    first = _ratio(result.numerator, result.denominator, item, 0)
    if result.code in ("G9", "G12") and result.unknown:
        return f"{first}，{result.unknown} 所学校（分学段计）缺数据"
    if result.code in ("G11", "G13"):
        second = _ratio(result.second_numerator, result.second_denominator, item, 1)
        return f"{first}；{second}"
    return first


def limit_text(item: Item) -> str:
    """The limit of an item on the size of schools or classes, stage by stage or by kind of school."""
    if item.limit:
        return "，".join(f"{name_of('stage', stage)} ≤ {plain_text(limit)} 人" for stage, limit in item.limit.items())
    single, several = (plain_text(item.numbers[name]) for name in ("single_stage_pupils", "multi_stage_pupils"))
    return f"小学、初中 ≤ {single} 人，一贯制学校 ≤ {several} 人"


def required_of(item: Item, part: int) -> Decimal:
    """What an item's ratio must reach: a share, yuan per pupil (G7), or as much as the other side (G8)."""
    numbers = [*item.numbers.values(), *item.limit.values()]
    return numbers[part] if numbers else Decimal(1)


def _ratio(numerator: float | None, denominator: float | None, item: Item, part: int) -> str:
    name = RATIO_NAMES[item.code, part]
    if numerator is None or denominator is None:
        return f"{name}：数据未报"
    if denominator <= 0:
        return f"{name}：分母为 0，无法计算"
    value = Decimal(repr(numerator)) / Decimal(repr(denominator))
    if item.code == "G7":
        required = required_of(item, part)
        return f"{name} {against_limit(float(value), required, True, 0)} 元，标准 ≥ {plain_text(required)} 元"
    if item.code == "G8":
        return f"教师平均工资 {plain_text(numerator)} 元，公务员平均工资 {plain_text(denominator)} 元"
    required = required_of(item, part)
    shown = share_text(value)
    for decimals in range(1, 5):
        shown = share_text(value, decimals)
        if (Decimal(shown[:-1]) / 100 >= required) == (value >= required):
            break
    return f"{name} {shown}（{whole_text(numerator)}/{whole_text(denominator)}），标准 ≥ {share_text(required, 0)}"


def contract_teachers_text(number: Decimal | None, silent_schools: int) -> str:
    """The county's contract teachers; where schools did not report them there is no sum, and it says how many."""
    if number is not None:
        return f"编外合同教师 {whole_text(number)} 名"
    return f"编外合同教师总数不详（{silent_schools} 所学校未报）" if silent_schools else "编外合同教师未报"
