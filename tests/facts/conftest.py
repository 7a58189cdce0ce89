"""The demonstration county with its history, loaded once, and what stands on a day."""

from tests.support.demo_county import demo, filled

__all__ = ["demo", "filled"]
