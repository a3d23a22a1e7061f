"""Every component in every state, on pages for staff: to be looked at, by people and by tests.

What is shown is made up here and never saved; what the site itself keeps is only read.
"""
