"""What `make run`, `make test` and `make check` share: written in plain Python, before `.venv`.

Nothing here may import anything outside the standard library, except `prepare`, which `.venv`
runs.
"""
