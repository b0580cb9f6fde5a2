"""Characters that SPARQL has no place for outside texts: told by name, where they stand.

They come from word processors and web pages, look like what was meant, and lead the parser astray.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from hsgraph.engine.sparql.lexer import pieces

_SPACES: Final = frozenset(" \t\r\n")
_PLAIN: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_{|}~\u00b7")
_CONTROLS: Final = {
    "\x00": "null",
    "\x07": "bell",
    "\x08": "backspace",
    "\x0b": "line tabulation",
    "\x0c": "form feed",
    "\x1b": "escape",
    "\x7f": "delete",
    "\x85": "next line",
}
_QUOTES: Final = {
    **dict.fromkeys("“”„‟«»＂〝〞", ("curly quotation mark", '"')),
    **dict.fromkeys("‘’‚‛‹›＇", ("curly apostrophe", "'")),
}
_MEANT: Final = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("⟨〈〈‹", "<"),
    **dict.fromkeys("⟩〉〉›", ">"),
    **dict.fromkeys("`´′", "'"),
    "″": '"',
    "…": "...",
    "×": "*",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
}


def odd_sign(query: str) -> tuple[str, int] | None:
    """What to say of the first such character, and its offset."""
    for piece in pieces(query):
        if piece.kind not in ("space", "mark"):
            continue
        for offset, sign in enumerate(piece.text, start=piece.start):
            if sign not in _SPACES and sign not in _PLAIN:
                return _said(sign), offset
    return None


def _said(sign: str) -> str:
    name, instead = _QUOTES.get(sign, ("", ""))
    name = name or _CONTROLS.get(sign) or unicodedata.name(sign, "").lower()
    instead = instead or _MEANT.get(sign) or _ascii(sign)
    code = f"U+{ord(sign):04X}" + (f" ({name})" if name else "")
    return f"{code} has no place here; " + (f"write {instead}" if instead else "leave it out") + "."


def _ascii(sign: str) -> str:
    if sign.isspace():
        return "a space"
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 and plain in _PLAIN else ""
