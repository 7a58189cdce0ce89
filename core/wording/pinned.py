"""A pinned link opened again: what was stated then, what counts now, and what happened in between, in words."""

from __future__ import annotations

from collections.abc import Sequence

from core.batches.register import Publication
from core.delivery.records.pins import Pin
from core.delivery.records.stated import FigureChange, StatedFigure
from core.delivery.status.situation import Situation
from core.wording.positions import day_text

_STEPS = {"publish": "发布", "withdraw": "撤回"}


def about_name(pin: Pin, situation: Situation) -> str:
    """Whose figures a pin states."""
    match pin.about_kind:
        case "school":
            judged = situation.assessment
            rows = () if judged is None else judged.rows_of(pin.about_id)
            return rows[0].name if rows else pin.about_id
        case "township":
            return situation.township_names.get(pin.about_id, pin.about_id)
        case "unit":
            known = {unit.unit_id: unit.name for unit in situation.plan.units}
            return known.get(pin.about_id, pin.about_id)
    return situation.county.name


def pinned_headline(pin: Pin, situation: Situation, changed: Sequence[FigureChange]) -> str:
    """Whether what was stated still holds."""
    name, day = about_name(pin, situation), day_text(pin.day)
    if not changed:
        return f"{name}：{day}固定的数字没有变化"
    return f"{name}：{day}固定的 {len(pin.figures)} 个数字中，{len(changed)} 个与现在不同"


def between(pin: Pin, steps: Sequence[Publication], standard_id: str, situation: Situation) -> list[str]:
    """What happened since: batches published and withdrawn, rules, the school year and day that count."""
    told = [
        f"{step.recorded_at:%Y-%m-%d} {_STEPS.get(step.action, step.action)}批次 {step.batch_id}"
        + (f"（{step.reason}）" if step.reason else "")
        for step in sorted(steps, key=lambda step: step.number)
        if step.number > pin.facts_version
    ]
    if pin.standard_id != standard_id:
        told.append(f"判定规则由 {pin.standard_id} 改为 {standard_id}")
    if situation.year is not None and situation.year != pin.year:
        told.append(f"判定的学年由 {pin.year} 变为 {situation.year}")
    if situation.as_of != pin.day:
        told.append(f"截至日由 {pin.day} 变为 {situation.as_of}，其间的填报、佐证和台账计入")
    return told


def side_by_side(pin: Pin, now: Sequence[StatedFigure]) -> list[tuple[str, str, str, bool]]:
    """Every figure: name, as pinned, as it is now, whether they differ; what differs first, then in the pin's order."""
    old, new = {f.key: f for f in pin.figures}, {f.key: f for f in now}
    lines = [
        (
            f.name,
            f.value,
            new[f.key].value if f.key in new else "现已没有",
            f.key not in new or new[f.key].value != f.value,
        )
        for f in pin.figures
    ]
    lines += [(f.name, "当时没有", f.value, True) for f in now if f.key not in old]
    return sorted(lines, key=lambda line: not line[3])
