"""总览: does the county pass, what fails, who owes what? With a township chosen, the same for the township."""

from ui.frame import page
from ui.home.concerns import worst_concerns
from ui.home.county_home import county_home
from ui.home.township_home import township_home

with page("conclusions/overview", "全县是否达到国家标准，差在哪里，由谁来补", by_township=True) as view:
    if view.township is not None:
        township_home(view, view.township)
    else:
        county_home(view, worst_concerns(view))
