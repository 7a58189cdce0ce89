"""The DuckDB file: what comes in, in batches; what counts now; what people wrote."""
