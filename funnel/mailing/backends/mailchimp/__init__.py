"""Mailchimp, in the one package that imports its SDK."""

from .backend import MailchimpBackend

__all__ = ["MailchimpBackend"]
