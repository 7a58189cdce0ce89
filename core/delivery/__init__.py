"""Carrying out the plan: what people report, what dates and figures say, projects, the supervision ledger."""
