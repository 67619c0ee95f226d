"""What has a short name and a title."""

from __future__ import annotations

from handover import _handover


class Named:
    """What the Rust part knows by a short name and a title."""

    _raw: _handover.Scenario | _handover.Sweep

    @property
    def name(self) -> str:
        """Short name."""
        return self._raw.name

    @property
    def title(self) -> str:
        """Title in words."""
        return self._raw.title
