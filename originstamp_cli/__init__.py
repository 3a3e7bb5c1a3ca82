"""OriginStamp: prove that a physical artwork is authentic, from the command line."""

__version__ = "0.1.0"
