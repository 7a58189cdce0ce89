"""A dataset comes in whole or not at all; publishing says that it counts; what counts is handed out and corrected."""
