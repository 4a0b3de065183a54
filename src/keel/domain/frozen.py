"""A mapping that never changes and can be the key of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")


class Frozen(Mapping[str, V]):
    """The items of another mapping in their order, which is part of what they say: other order, another mapping.

    >>> one = Frozen({"a": 1, "b": 2})
    >>> one == Frozen({"a": 1, "b": 2}), one == Frozen({"b": 2, "a": 1}), one == {"b": 2, "a": 1}
    (True, False, True)
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V]) -> None:
        self._items = dict(items)

    def __getitem__(self, name: str) -> V:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Frozen):
            return tuple(self._items.items()) == tuple(other._items.items())
        return self._items == other

    def __hash__(self) -> int:
        return hash(tuple(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)
