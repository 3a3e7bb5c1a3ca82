"""Columns of a text on a terminal, for texts beyond ASCII."""

from .unicode_tables import columns

_EMOJI_STYLE = "\ufe0f"
_TEXT_STYLE = "\ufe0e"
_WIDE = 2

# So much does not fit on a line, whatever more there is: no need to look at all of a long text.
_ENOUGH = 1_000


def display_width(text: str) -> int:
    """Return the columns: 2 for wide characters and emoji, 0 for what joins, else 1.

    Of a text of very many columns it is only said that they are many.
    """
    width = 0
    previous = 0
    for letter in text:
        own = 1 if letter.isascii() else columns(ord(letter))
        if letter == _EMOJI_STYLE and previous == 1:
            own = 1
        elif letter == _TEXT_STYLE and previous == _WIDE:
            own = -1
        width += own
        previous = own
        if width > _ENOUGH:
            break
    return width
