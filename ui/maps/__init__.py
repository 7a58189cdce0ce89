"""What both maps stand on: the ground they are drawn on, and what the browser loads for them."""
