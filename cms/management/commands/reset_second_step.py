"""`manage.py reset_second_step`: for somebody whose phone and recovery codes are gone."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from cms.sign_in.second_step import reset_second_step


class Command(BaseCommand):
    """Takes the second step of an account away, after asking."""

    help = (
        "Take an account's second step, its recovery codes and its open sessions away. The next "
        "sign-in leads to setting up a new one. Make sure first that it is really the person "
        "who asks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name the person signs in with."""
        parser.add_argument("username")
        parser.add_argument("--yes", action="store_true", help="Don't ask.")

    def handle(self, *args: Any, username: str, yes: bool = False, **options: Any) -> None:
        """Ask, reset, and say what happens next."""
        User = get_user_model()
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist as error:
            raise CommandError(
                f"There is no account with the name {username}. "
                "The admin lists them under Settings, Users."
            ) from error
        if not yes and not _agrees(username):
            raise CommandError("Nothing was changed.")
        if reset_second_step(user=user):
            self.stdout.write(
                f"Done. {username} signs in with the password, and is then led to set up a new "
                "second step. If the phone may be in wrong hands, change the password as well."
            )
        else:
            self.stdout.write(f"{username} has no second step yet; the next sign-in leads to one.")


def _agrees(username: str) -> bool:
    question = f"Take the second step of {username} away, and end all open sessions? [y/N] "
    try:
        return input(question).strip().lower() in {"y", "yes"}
    except EOFError:
        return False
