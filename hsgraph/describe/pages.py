"""A long list in pages: how many there are, and what stands on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Paged:
    """How much there is, and which page of it this is, of a size."""

    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def window(found: Sequence[T], page: int, size: int) -> tuple[T, ...]:
    """What stands on one page."""
    return tuple(found[(page - 1) * size : page * size])
