"""What the supervisor tells every worker: which data is served, and how the last build went.

One shared mapping, made before anything is forked. Only the supervisor writes it; readers see a
whole state or read again (a sequence number that is odd while it is being written).
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass, fields
from mmap import mmap
from typing import Any, Final

_HEAD: Final = struct.Struct("=QI")
_SIZE: Final = 65_536
_TRIES: Final = 1000


@dataclass(frozen=True)
class State:
    """What is served since when, and what came of builds; times are seconds since 1970.

    `places` are file:line of what was wrong in the last build, the first few of them.
    """

    generation: int = 0
    version: str = ""
    since: float = 0.0
    reloads: int = 0
    restarts: int = 0
    host_restarts: int = 0
    builds: int = 0
    failed_builds: int = 0
    build_ok: bool = True
    build_at: float = 0.0
    build_seconds: float = 0.0
    error: str = ""
    places: tuple[str, ...] = ()
    building: bool = False


class Board:
    """A state that one process writes and all that are forked from it can read."""

    def __init__(self) -> None:
        self._memory = mmap(-1, _SIZE)
        self.write(State())

    def write(self, state: State) -> None:
        """Replace the state."""
        text = json.dumps(asdict(state)).encode()[: _SIZE - _HEAD.size]
        sequence, _ = _HEAD.unpack_from(self._memory)
        _HEAD.pack_into(self._memory, 0, sequence + 1, len(text))
        self._memory[_HEAD.size : _HEAD.size + len(text)] = text
        _HEAD.pack_into(self._memory, 0, sequence + 2, len(text))

    def read(self) -> State:
        """The state as it was last written."""
        for _ in range(_TRIES):
            before, length = _HEAD.unpack_from(self._memory)
            text = self._memory[_HEAD.size : _HEAD.size + length]
            if before % 2 == 0 and _HEAD.unpack_from(self._memory)[0] == before:
                return _state(json.loads(text))
        return State()


def _state(content: dict[str, Any]) -> State:
    known = {field.name for field in fields(State)}
    content["places"] = tuple(content.get("places", ()))
    return State(**{name: value for name, value in content.items() if name in known})
