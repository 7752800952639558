"""A Discord that runs on this machine: REST and gateway on loopback, for tests and the demo."""
