"""A store in a file in which the small county counts."""

from tests.support.published_store import standard, store

__all__ = ["standard", "store"]
