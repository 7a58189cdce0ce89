"""The demonstration county, loaded once, and its present."""

from tests.support.present import demo, present

__all__ = ["demo", "present"]
