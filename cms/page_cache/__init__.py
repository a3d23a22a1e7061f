"""The page cache: public pages answered before Django is asked, and never a stale one.

granian → `PageCache` (`wsgi.py`) → Django. `marking.py` says which answers may be kept,
`watching.py` notices what changes them, `generation.py` tells every process of it, and
`visibility.py` lists what no visitor can see. docs/decisions/one-generation-for-the-site.md has the
races.
"""
