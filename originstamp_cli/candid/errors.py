"""What is wrong with a Candid text, in the official words, and where."""


class CandidError(ValueError):
    """A text was refused.

    `message` is the official sentence; `kind` says at which step it was refused: "parse" (not
    Candid), "type" (Candid, but not of the wanted type) or "did" (a bad interface). `start` and
    `end` are character offsets into `text`; the offsets in a message count bytes, as officially.
    """

    # What the drawing says below the carets, and the tokens that could have stood there.
    label = ""
    expected: tuple[str, ...] = ()

    def __init__(
        self, message: str, kind: str, text: str = "", span: tuple[int, int] = (0, 0)
    ) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.text = text
        self.start, self.end = span

    def frame(self, source_name: str = "Candid argument") -> str:
        """Return the place in the text, drawn with carets as the official tools draw it.

        It ends with a newline and is followed by a blank line on a terminal (dfx-surface 1.8).
        """
        from .frames import draw

        return draw(self, source_name)


def byte_offset(text: str, at: int) -> int:
    """Return the offset in bytes of the character at `at`, as official messages count."""
    return len(text[:at].encode("utf-8", "surrogatepass"))


def parse_error(reason: str, text: str, span: tuple[int, int]) -> CandidError:
    """Return the error of a text that breaks a rule other than the grammar of its tokens."""
    start, end = byte_offset(text, span[0]), byte_offset(text, span[1])
    message = f"Candid parser error: {reason} at {start}..{end}"
    error = CandidError(message, "parse", text, span)
    error.label = reason
    return error
