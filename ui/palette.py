"""Every colour of the screen, once."""

from core.method.assessment import Verdict

GREEN, RED, GREY, BLUE = "#1B7F3B", "#C62828", "#616161", "#1565C0"
YELLOW_TEXT, YELLOW_FILL, ORANGE = "#8A5A00", "#F5B400", "#B54708"
INK, GRID, PALE = "#1A2233", "#D6DCE8", "#EEF1F6"

VERDICT_COLOURS = {
    Verdict.MET: GREEN,
    Verdict.NOT_MET: RED,
    Verdict.NOT_ASSESSABLE: GREY,
    Verdict.NOT_APPLICABLE: GREY,
}
VERDICT_FILLS = {
    Verdict.MET: "#E6F2EA",
    Verdict.NOT_MET: "#FBE4E4",
    Verdict.NOT_ASSESSABLE: "#ECECEC",
    Verdict.NOT_APPLICABLE: "#FFFFFF",
}
VERDICT_MARKDOWN = {
    Verdict.MET: "green",
    Verdict.NOT_MET: "red",
    Verdict.NOT_ASSESSABLE: "gray",
    Verdict.NOT_APPLICABLE: "gray",
}
# One hue for neutral series, dark to light.
SERIES = ["#1F4E8C", "#5B8BC9", "#A9C3E6", "#3D6B4F", "#8C6D31", "#6B4C8C", "#7F7F7F"]
