"""Every way the program can fail on purpose.

OriginStampError               1   the canister, or a rule of ours, said no
├── Refused                    1   a method answered `Err`, or `success = false`
├── CallRejected               1   the canister did not answer: it trapped or is not there
├── UsageError                 2   the request cannot be understood
├── IdentityError              2   an identity is missing, exists already, or cannot be read
├── StateError                 3   the state file cannot be used; nothing was changed
│   ├── StateDamaged           3   it is not what we wrote
│   ├── StateTooNew            3   a newer version of the program wrote it
│   ├── StateTooOld            3   an older one wrote it, and nothing here brings it up to date
│   ├── StateBusy              3   another process held it for too long
│   └── StateUnwritable        3   a folder, a permission or the disk is in the way
└── NetworkError               4   the network cannot be reached, or an object store

The codes are those of the friendly face. On the dfx face all of them become 255, as dfx has it,
but for a `UsageError` of the command line itself (2).
"""

from typing import ClassVar

DFX_FAILED = 255
INTERRUPTED = 130
NO_AGENT = "Failed to create AgentEnvironment."  # as dfx says of what a call acts as and where
READER_GONE = 141  # whoever read our output went away, as `| head -1` does

# By the first digit of an error code (interface specification, "Reject codes").
_REJECT_CODES = {
    "1": "SysFatal",
    "2": "SysTransient",
    "3": "DestinationInvalid",
    "4": "CanisterReject",
    "5": "CanisterError",
}


class OriginStampError(Exception):
    """A failure to tell the user about; anything else that escapes is a bug.

    `message` says what is wrong in one sentence, with the value that caused it.
    `fix` says what to do next, when there is something to do.
    `causes` is the chain below the message, outermost first, which the dfx face prints.
    `undiagnosed` is what dfx says before the message when asked for more: a chain, a line a cause.
    `plainly` is what people are told where the message is dfx's own.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        message: str,
        *,
        fix: str | None = None,
        causes: tuple[str, ...] = (),
        undiagnosed: str | None = None,
        plainly: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.causes = causes
        self.undiagnosed = undiagnosed
        self.plainly = plainly or message

    @property
    def dfx_message(self) -> str:
        """The first line of it on the dfx face."""
        return self.message


class Refused(OriginStampError):
    """A method answered `Err`, or `success = false`."""


class CallRejected(OriginStampError):
    """The canister did not answer: it trapped or is not there.

    `kind` is "update" or "query"; `reason` and `error_code` are what the Internet Computer says of
    such a call (interface specification, "Error codes"). `at_the_door` says that it was refused
    before anything ran.
    """

    def __init__(  # noqa: PLR0913 - the parts of one official sentence
        self,
        message: str,
        *,
        kind: str,
        reason: str,
        error_code: str,
        fix: str | None = None,
        at_the_door: bool = False,
    ) -> None:
        sentence = rejection(reason, error_code)
        super().__init__(message, fix=fix, causes=(sentence,))
        self.kind = kind
        self.reason = reason
        self.error_code = error_code
        self.at_the_door = at_the_door

    @property
    def dfx_message(self) -> str:
        """The first line of it on the dfx face; the reason is the cause below."""
        return f"Failed {self.kind} call."


def rejection(reason: str, error_code: str) -> str:
    """Return what dfx says of a call that the Internet Computer did not take, such as IC0301."""
    code = _REJECT_CODES[error_code[len("IC0")]]
    return (
        f"The replica returned a rejection error: reject code {code}, "
        f'reject message {reason}, error code Some("{error_code}")'
    )


class UsageError(OriginStampError):
    """The request cannot be understood."""

    exit_code = 2


class IdentityError(OriginStampError):
    """An identity is missing, exists already, or cannot be read."""

    exit_code = 2


class StateError(OriginStampError):
    """The state file cannot be used; nothing was changed."""

    exit_code = 3


class StateDamaged(StateError):
    """The state file is not what we wrote."""


class StateTooNew(StateError):
    """A newer version of the program wrote the state file."""


class StateTooOld(StateError):
    """An older version of the program wrote the state file, and nothing here brings it up."""


class StateBusy(StateError):
    """Another process held the state for too long."""


class StateUnwritable(StateError):
    """A folder, a permission or the disk is in the way."""


class NetworkError(OriginStampError):
    """The network or an object store cannot be reached, refuses, or is not one we know."""

    exit_code = 4
