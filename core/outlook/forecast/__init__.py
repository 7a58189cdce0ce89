"""Pupils of the coming years, what follows from them, and how sure that is."""
