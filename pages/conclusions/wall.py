"""大屏: the county on a wall display, page after page by itself."""

from core.wording.attention import concerns, with_fewest_units
from core.wording.positions import WORST
from ui.frame import View, page, redrawn_alone
from ui.home.wall import wall

_LOOKED_AT_ANEW = "5m"


def draw(view: View) -> None:
    """The pictures on the figures that count now."""
    listed = concerns(view.assessment, view.standard, view.situation.plan)
    wall(view, with_fewest_units(listed[:WORST], view.assessment, view.with_changes))


with page("conclusions/wall", "会议室大屏：全县结论、学校分布、逾期事项、差异系数轮流显示") as view:
    redrawn_alone(view, draw, every=_LOOKED_AT_ANEW)
