"""The few colours that all the demo's pictures share, and their two sizes in pixels."""

from paper_cut import colour

LANDSCAPE = (1600, 1000)
SQUARE = (1200, 1200)

NIGHT = colour("#0f2a2b")
DEEP = colour("#143733")
TEAL = colour("#1f4d47")
SEA = colour("#3a6d63")
SAGE = colour("#7fa294")
MIST = colour("#c3d3c4")
CREAM = colour("#faf6ef")
SAND = colour("#efe0c6")
PEACH = colour("#f3c9a0")
APRICOT = colour("#e6a06c")
TERRACOTTA = colour("#b4552d")
RUST = colour("#8a3d22")
UMBER = colour("#4b2a1f")
LAMPLIGHT = colour("#ffdca0")
HONEY = colour("#f2b65a")
