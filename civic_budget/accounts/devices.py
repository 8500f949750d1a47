"""Which family of device somebody uses, as coarse as a person needs to recognise it. Plain Python.

The browser's full description is never stored: it would tell people apart.
"""

from __future__ import annotations

from enum import StrEnum


class Device(StrEnum):
    """Families of devices."""

    ANDROID = "android"
    IPHONE = "iphone"
    IPAD = "ipad"
    WINDOWS = "windows"
    MAC = "mac"
    LINUX = "linux"
    UNKNOWN = "unknown"


# In this order: Android calls itself Linux too, and an iPhone says "like Mac OS X".
MARKS = (
    ("android", Device.ANDROID),
    ("iphone", Device.IPHONE),
    ("ipad", Device.IPAD),
    ("windows", Device.WINDOWS),
    ("macintosh", Device.MAC),
    ("linux", Device.LINUX),
    ("cros", Device.LINUX),
)


def read_device(user_agent: str) -> Device:
    """The family that a browser's description betrays; UNKNOWN when it does not."""
    said = user_agent.lower()
    return next((device for mark, device in MARKS if mark in said), Device.UNKNOWN)
