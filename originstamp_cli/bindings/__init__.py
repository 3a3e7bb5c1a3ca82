"""Declarations of an interface for programs in other languages; it knows Candid and no more."""
