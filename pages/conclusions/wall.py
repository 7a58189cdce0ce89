"""大屏: the county on a wall display, page after page by itself."""

from ui.frame import View, page, redrawn_alone
from ui.home.concerns import worst_concerns
from ui.home.wall import wall

_LOOKED_AT_ANEW = "5m"


def draw(view: View) -> None:
    """The pictures on the figures that count now."""
    wall(view, worst_concerns(view))


with page("conclusions/wall", "会议室大屏：全县结论、学校分布、逾期事项、差异系数轮流显示") as view:
    redrawn_alone(view, draw, every=_LOOKED_AT_ANEW)
