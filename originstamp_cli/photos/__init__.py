"""Where the bytes of photos go: an S3 store, or a folder of this machine."""
