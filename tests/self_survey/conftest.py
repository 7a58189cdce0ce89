"""The standard, as every test of the store has it."""

from tests.support.published_store import standard

__all__ = ["standard"]
