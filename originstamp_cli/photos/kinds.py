"""What a photo is, told from its bytes, and what it may be called and stored as."""

LONGEST_NAME = 255
HEAD_BYTES = 32  # as many of a file's first bytes as tell what it is
LARGEST_BYTES = 100_000_000

_SIGNATURES = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"II\*\x00|MM\x00\*", "image/tiff"),
    (rb"....ftypavif", "image/avif"),
    (rb"....ftyphei", "image/heic"),
    (rb"....ftypmif1", "image/heif"),
)
_SUFFIXES = {"image/jpeg": ".jpg"}  # the others are called as their type is

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_CONTENT_TYPE = rf"({_WORD}/{_WORD})(?: *; *{_WORD}=(?:{_WORD}|{_QUOTED}))*"

# A browser that opens an object of such a type may run what is in it, in the name of the site
# that serves it. XML is among them whatever its dialect: any of its documents may hold an XHTML
# `<script>`, or name a style sheet that makes one. So are wrappers, whose parts have types of
# their own, and types that make a browser guess from the bytes, as HTML is among its guesses.
_ACTIVE = "|".join(  # noqa: FLY002 — one kind a line
    (
        r"[^/]*/.*html.*",
        r"[^/]*/(?:xml.*|.*\+xml|xsl.*|rdf)",
        r"[^/]*/.*(?:java|ecma|j|live|vb)script.*",
        r"[^/]*/(?:hta|x-component|x-shockwave-flash|(?:x-)?java-.*)",
        r"(?:message|multipart)/.*",
        r"(?:unknown|application)/unknown|.*\*.*",
    )
)


def content_type_of(head: bytes) -> str | None:
    """Return the content type of a photo by its first bytes, or None for no photo that we know.

    The name of a file says what somebody hoped it to be; the bytes say what it is.
    """
    import re

    for signature, content_type in _SIGNATURES:
        if re.match(signature, head, re.DOTALL):
            return content_type
    return None


def suffix_of(content_type: str) -> str:
    """Return how the name of a photo of this content type ends, such as `.png`."""
    return _SUFFIXES.get(content_type) or f".{content_type.partition('/')[2]}"


def is_file_name(name: str) -> bool:
    r"""Say whether a name may end an object's key.

    1 to 255 characters; no `/`, `\`, control characters or halves of surrogate pairs; not `.` or
    `..`, which every client that tidies addresses would turn into another object.
    """
    from unicodedata import category

    if not 0 < len(name) <= LONGEST_NAME or name in {".", ".."}:
        return False
    return not any(one in "/\\" or category(one) in {"Cc", "Cs"} for one in name)


def is_content_type(text: str) -> bool:
    """Say whether a text is a content type to store a photo under.

    It must be well formed (`type/subtype`, then parameters; at most 255 plain ASCII characters, so
    nothing that could end a header) and not active content: HTML, anything XML (SVG and XHTML
    too), JavaScript and other scripts, applets, `multipart` and `message` wrappers, and types
    that make a browser guess. Case and parameters make no difference.

    Sources: RFC 9110 §8.3.1 for the form, WHATWG MIME Sniffing §4.6 and §7 for what is active.
    """
    import re

    form = re.fullmatch(_CONTENT_TYPE, text) if len(text) <= LONGEST_NAME else None
    return form is not None and not re.fullmatch(_ACTIVE, form[1].lower())
