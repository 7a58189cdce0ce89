"""The DuckDB file: opened, created, upgraded, backed up."""
