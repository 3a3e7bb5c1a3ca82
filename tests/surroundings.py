"""What programs are started with by the tests, the demo and the benchmarks alike."""

# The keyring library reads the real environment; the keyring of whoever runs them is not ours.
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
