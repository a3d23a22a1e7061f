"""`manage.py erasure_proof`: says when an address was erased."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from funnel.addresses import InvalidAddressError, parse_address
from funnel.queries.erasures import erasure_asked_at, erasure_proofs


class Command(BaseCommand):
    """Asks for the address, so that it stays out of the shell's history."""

    help = "Says when everything about an address was erased. Asks for the address."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each erasure with the code that is left of it."""
        try:
            address = parse_address(input("Whose erasure is to be proved? "))
        except InvalidAddressError as error:
            raise CommandError(str(error)) from error
        asked_at = erasure_asked_at(address)
        if asked_at is not None:
            self.stdout.write(f"An erasure was asked for on {asked_at.isoformat()} and waits.")
        proofs = erasure_proofs(address)
        for proof in proofs:
            self.stdout.write(f"Erased on {proof.at.isoformat()}; what is left is {proof.code}.")
        if not proofs and asked_at is None:
            raise CommandError("Nothing about this address was ever erased here.")
