"""Children of school age who are not at school: cases without names, what schools say each month, the counts that follow."""
