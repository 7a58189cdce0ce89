"""What counts now: the county, its schools, its years, as SELECTs over the store's live batches."""
