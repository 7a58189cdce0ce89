"""The demonstration county with its history in a file that tests copy, and the standard."""

from tests.support.demo_county import filled
from tests.support.published_store import published_file, standard, store

__all__ = ["filled", "published_file", "standard", "store"]
