"""`manage.py erase_lead`: forgets one person, here and in the mail service."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from funnel.addresses import InvalidAddressError, parse_address
from funnel.models import Lead
from funnel.services.erasure import request_erasure


class Command(BaseCommand):
    """Asks for the address, so that it stays out of the shell's history."""

    help = "Erases everything about one person, here and in Mailchimp. Asks for the address."

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand the erasure to the worker, which asks Mailchimp first."""
        try:
            address = parse_address(input("Whose address is to be erased? "))
        except InvalidAddressError as error:
            raise CommandError(str(error)) from error
        lead = Lead.objects.filter(address_key=address.key).first()
        if lead is None:
            raise CommandError("Nobody with this address is kept here.")
        request_erasure(lead_id=lead.pk, now=timezone.now())
        self.stdout.write(
            "The worker erases it now, first in Mailchimp, then here. "
            "`manage.py funnel_status` shows what still waits."
        )
