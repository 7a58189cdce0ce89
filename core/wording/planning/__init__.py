"""What planning says: forecasts and chances, remedies of coefficients, the cheapest plan, what-ifs and their comparison."""
