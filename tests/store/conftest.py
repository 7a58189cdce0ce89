"""A store in a file in which the small county counts."""

from tests.support.published_store import published_file, standard, store

__all__ = ["published_file", "standard", "store"]
