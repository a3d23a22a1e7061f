"""What is measured: each module with a `main() -> int` is one measurement of `make bench`.

It prints its figures, returns 1 where a promise is broken, and says in one sentence what is missing
on this machine and returns 0 where it cannot measure at all.
"""
