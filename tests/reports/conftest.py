"""The demonstration county with its history, as the tests of delivery load it."""

from tests.delivery.conftest import demo

__all__ = ["demo"]
