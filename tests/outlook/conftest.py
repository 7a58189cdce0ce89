"""The demonstration county, loaded once, and its present."""

from tests.support.demo_county import filled
from tests.support.present import demo, present

__all__ = ["demo", "filled", "present"]
