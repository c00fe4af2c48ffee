"""Inputs whose browser control needs a fixed notation."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day by the browser's own picker; the value travels as 2026-11-20 whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A moment to the minute by the browser's own picker, in the current time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
