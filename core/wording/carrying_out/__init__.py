"""Carrying out the plan in sentences: targets, the ledger, what the plan lays down, notices."""
