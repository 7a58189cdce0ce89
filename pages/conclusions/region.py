"""省市汇总: which of many counties pass, and what does a county that does not lack?"""

from ui.conclusions.region_view import region, source_line
from ui.frame import page_of_many

with page_of_many("conclusions/region", "各县是否达标，未达标的差在哪里", source_line) as desk:
    region(desk.standard)
