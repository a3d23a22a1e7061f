"""The headings under which the list of blocks is sorted in the editor."""

TEXT = "Text"
PICTURES = "Pictures and voices"
INVITATIONS = "Invitations"
HELP = "For the reader’s sake"
BEHIND = "What lies behind"
