"""What the body of a page is made of.

Every block bears blanks: a draft may lack what publishing asks for, and its preview must still
come up. A block's class name stands in migrations, under this package; its words and icons don't.
"""

from .body import BodyBlock, PlainPageBodyBlock
from .groups import BEHIND
from .help import ContactBlock, FaqBlock, SupportSignpostBlock
from .invitations import (
    CyclesBlock,
    LetsTalkBlock,
    PassageBlock,
    VariantBlock,
    VariantsBlock,
    cycle_choices,
)
from .navigation import AddressLinkBlock, NavigationBlock, PageLinkBlock, SocialLinksBlock
from .outside import OutsideVideoBlock
from .pictures import CreditedPictureBlock, CreditedPictureValue, QuoteBlock
from .text import TEXT_FEATURES, BulletListBlock, HeadingBlock, ParagraphBlock

__all__ = [
    "BEHIND",
    "TEXT_FEATURES",
    "AddressLinkBlock",
    "BodyBlock",
    "BulletListBlock",
    "ContactBlock",
    "CreditedPictureBlock",
    "CreditedPictureValue",
    "CyclesBlock",
    "FaqBlock",
    "HeadingBlock",
    "LetsTalkBlock",
    "NavigationBlock",
    "OutsideVideoBlock",
    "PageLinkBlock",
    "ParagraphBlock",
    "PassageBlock",
    "PlainPageBodyBlock",
    "QuoteBlock",
    "SocialLinksBlock",
    "SupportSignpostBlock",
    "VariantBlock",
    "VariantsBlock",
    "cycle_choices",
]
