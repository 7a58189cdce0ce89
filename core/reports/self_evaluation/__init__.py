"""自评报告: what the county says of itself by the standard and by its plan, with where every figure comes from."""
