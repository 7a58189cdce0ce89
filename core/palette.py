"""Every colour, once: for the screen, for paper and for workbooks, as #RRGGBB.

What stands in .streamlit/config.toml, the style sheet and the briefing's template are these colours too; a test
holds them to it. Which verdict has which colour is said in core.wording.verdicts.
"""

GREEN, RED, GREY, BLUE = "#1B7F3B", "#C62828", "#616161", "#1565C0"
YELLOW_TEXT, YELLOW_FILL, ORANGE = "#8A5A00", "#F5B400", "#B54708"
# What is no verdict: borderline, a draft, a simulation.
VIOLET = "#6A1B9A"
INK, GRID, PALE, WHITE = "#1A2233", "#D6DCE8", "#EEF1F6", "#FFFFFF"
PALE_GREEN, PALE_RED, PALE_GREY, PALE_YELLOW = "#E6F2EA", "#FBE4E4", "#ECECEC", "#FDF1DC"
# The ground of tables and panels, of every other phase, and outlines on maps.
PANEL, PHASE, OUTLINE, BASELINE = "#F4F6FA", "#F7F9FC", "#8A94A6", "#9AA7BD"
# Headers of workbooks: obligatory columns, others, reports; figures filled in from last year.
HEADER_REQUIRED, HEADER, HEADER_REPORT, PREFILLED = "#CFDDF0", "#EEF2F7", "#E3EAF4", "#757575"
# Townships by the share of rows that pass, from all to few; without rows; still open.
SHARES = ("#A9D3B5", "#CFE6D2", "#F6E7B8", "#F3C9A5")
SHARE_NO_ROWS, SHARE_PENDING = "#E3E3E3", "#D6D0E8"
# Classes by size, small to large: over the law's limits from the yellow on.
BANDS = (
    PALE, "#D5E3F3", "#B9D0EA", "#8FB4DD", "#6598CE", "#F5D58A", YELLOW_FILL, "#E07B39", RED, "#7F1D1D",
)  # fmt: skip
# One hue for neutral series, dark to light, then others that stand apart.
SERIES = ("#1F4E8C", "#5B8BC9", "#A9C3E6", "#3D6B4F", "#8C6D31", "#6B4C8C", "#7F7F7F")
