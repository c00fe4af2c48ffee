"""Keeping a text from whoever holds it: encrypted and authenticated, under a key made from a secret of the settings."""

import base64
import hashlib

from cryptography.fernet import Fernet


def seal(use: bytes, secret: str) -> Fernet:
    """The seal of one use: what another use sealed does not open it."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(use + secret.encode()).digest()))
