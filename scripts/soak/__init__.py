"""What is tried long and often: each module with a `main() -> int` is one trial of `make soak`.

It prints its seed, what it counted and what it found, returns 1 where a promise is broken, and says
in one sentence what is missing on this machine and returns 0 where it cannot be made at all.
"""
