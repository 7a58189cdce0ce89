"""Who owes what: units and townships, what is overdue, what the figures propose, targets backwards."""
