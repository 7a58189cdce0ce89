"""The demonstration county with its history, as the tests of delivery load it."""

from tests.support.demo_county import demo, filled

__all__ = ["demo", "filled"]
