"""Typed results into Chinese sentences: verdict, reason, remedy, source."""
