"""What the bodies of pages are made of, put together."""

from wagtail import blocks

from funnel.blocks import CallToActionBlock, OptInFormBlock, PrivacyFactsBlock

from .help import ContactBlock, FaqBlock, SupportSignpostBlock
from .invitations import CyclesBlock, LetsTalkBlock, VariantsBlock
from .outside import OutsideVideoBlock
from .pictures import CreditedPictureBlock, QuoteBlock
from .text import BulletListBlock, HeadingBlock, ParagraphBlock


class BodyBlock(blocks.StreamBlock):
    """The blocks that every page's body knows."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    list = BulletListBlock()
    variants = VariantsBlock()
    image = CreditedPictureBlock()
    quote = QuoteBlock()
    outside_video = OutsideVideoBlock()
    call_to_action = CallToActionBlock()
    opt_in_form = OptInFormBlock()
    cycles = CyclesBlock()
    lets_talk = LetsTalkBlock()
    faq = FaqBlock()
    support_signpost = SupportSignpostBlock()


class PlainPageBodyBlock(BodyBlock):
    """Plain pages also say how to reach the coach, and what is kept for how long."""

    contact = ContactBlock()
    privacy_facts = PrivacyFactsBlock()
