"""What if, what next, what is missing: imagined changes, judged by the same method as the facts."""
