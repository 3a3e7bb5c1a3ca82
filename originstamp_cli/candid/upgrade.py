"""Whether a canister may change its interface: the clients of the old one must not notice."""

from .errors import CandidError
from .escapes import show_label
from .service import Method, Service
from .subtype import why_not_subtype
from .types import Func


def why_not_upgrade(new: Service, old: Service) -> list[str]:
    """Return what keeps `new` from taking the place of `old`, a sentence for each method.

    The rules are those of subtyping (Candid specification, "Upgrading and subtyping"): methods may
    be added, parameters may take more, results may say more, modes must stay. Raises `CandidError`
    for interfaces of too many parts.
    """
    found = [_why_not(name, new, method) for name, method in old.methods.items()]
    return [reason for reason in found if reason]


def _why_not(name: str, new: Service, old: Method) -> str | None:
    method = f"method {show_label(name)}"
    if name not in new.methods:
        return f"{method} is missing"
    try:
        reason = why_not_subtype(_function(new.methods[name]), _function(old))
    except ValueError as error:
        raise CandidError(f"{method}: {error}", "did") from None
    return reason and f"{method}: {reason}"


def _function(method: Method) -> Func:
    return Func(method.args, method.results, () if method.mode == "update" else (method.mode,))
