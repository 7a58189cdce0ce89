"""固定链接: what did a link state when it was sent, what counts now, and what changed in between?"""

from ui.conclusions.pinned_view import asked_pin, pinned
from ui.frame import page

with page("conclusions/pinned", "链接发出时的数字是多少，现在是多少，其间变了什么") as view:
    if (pin := asked_pin(view)) is not None:
        pinned(view, pin)
