"""The halls of the devices' tests."""

from tests.devices.conftest import hall, twelve

__all__ = ["hall", "twelve"]
