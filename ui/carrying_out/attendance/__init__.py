"""控辍保学: who is not at school, township by township, case by case, month by month."""
