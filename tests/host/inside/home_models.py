from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from funnel.blocks import CallToActionBlock, OptInFormBlock


class HomePage(Page):
    body = StreamField(
        [("call_to_action", CallToActionBlock()), ("opt_in_form", OptInFormBlock())], blank=True
    )

    content_panels = [*Page.content_panels, FieldPanel("body")]
