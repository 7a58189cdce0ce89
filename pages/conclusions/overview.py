"""总览: does the county pass, what fails, who owes what? With a township chosen, the same for the township."""

from core.wording.attention import concerns, with_fewest_units
from core.wording.positions import WORST
from ui.frame import page
from ui.home.county_home import county_home
from ui.home.township_home import township_home

with page("conclusions/overview", "全县是否达到国家标准，差在哪里，由谁来补", by_township=True) as view:
    if view.township is not None:
        township_home(view, view.township)
    else:
        listed = concerns(view.assessment, view.standard, view.situation.plan)
        county_home(view, with_fewest_units(listed[:WORST], view.assessment, view.with_changes))
