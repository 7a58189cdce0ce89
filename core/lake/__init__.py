"""Many counties at once: their facts as Parquet, judged by the same SELECTs on this machine or on a cluster."""
