"""Signing in: a password, then a code; nothing of the admin opens to a session that has had one.

`second_step` says what a person's second step is and what becomes of it, `progress` what a session
knows of it, `middleware` holds every session that lacks it, `lockout` ends guessing. See
docs/decisions/two-steps-to-sign-in.md.
"""
