"""Takes an article that the coach wrote as plain text into the site.

`sources` reads the file, `parse` finds out what its lines are and loses no word of it, `build`
makes the draft.
"""
