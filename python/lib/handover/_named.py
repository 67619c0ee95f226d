"""What the Rust part knows of an object, as attributes of it."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

from handover import _handover

T = TypeVar("T")


class Handed(property, Generic[T]):
    """An attribute that the Rust part has, under the same name unless another is given."""

    def __init__(self, kind: type[T], doc: str, *, name: str = "") -> None:
        def get(owner: Any) -> Any:
            return getattr(owner._raw, self._name)

        get.__annotations__["return"] = kind
        super().__init__(get)
        self.__doc__ = doc
        self._name = name

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = self._name or name

    @overload
    def __get__(self, instance: None, owner: type, /) -> Handed[T]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None, /) -> T: ...

    def __get__(self, instance: object, owner: type | None = None, /) -> Any:
        return super().__get__(instance, owner)


class Named:
    """What the Rust part knows by a short name and a title."""

    _raw: _handover.Scenario | _handover.Sweep

    name = Handed(str, "Short name.")
    title = Handed(str, "Title in words.")
