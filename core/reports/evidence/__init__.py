"""佐证材料 on paper: catalogue by box, labels for the boxes, reminders of what is missing, everything in one package."""
