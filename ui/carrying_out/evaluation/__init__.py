"""模拟评估: the sample, the stages of the procedure, what was verified at each school."""
