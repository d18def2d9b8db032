"""What validation says: the same words on a page, in JSON and in a guard (``kernel.messages``)."""

from challenge.kernel.messages import message_of

__all__ = ["message_of"]
