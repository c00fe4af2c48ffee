"""Cells that several lists of the reserve have."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from config.ui.tables import Column, Text, kg
from config.ui.templatetags.ui import bar, mass_in


def own_mass(
    key: str, label: Text, read: Callable[[Any], int | None], unit: Callable[[Any], str], **options: Any
) -> Column:
    """A column of masses that the page writes in each row's own unit, and a file in kg, exactly."""
    return Column(
        key,
        label,
        lambda row: kg(read(row)),
        lambda row: mass_in(read(row), unit(row)) if read(row) is not None else "–",
        unit="kg",
        number=True,
        **options,
    )


def drawn(template: str, **context: Any) -> SafeString:
    """A cell that a template of its own draws."""
    return mark_safe(render_to_string(template, context).strip())  # a template's own, escaped output


def cover(percent: Decimal | None, level: str) -> SafeString:
    """A bar with its figure."""
    return drawn("ui/parts/bar.html", **bar(percent, level))


def capital(text: str) -> str:
    """The words with a capital at their beginning."""
    return text[:1].upper() + text[1:]
