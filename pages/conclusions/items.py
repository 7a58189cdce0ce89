from ui.frame import page

with page("") as view:
    pass
