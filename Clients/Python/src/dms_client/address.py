"""A server's address as users write it, and whether a key may travel there in plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass


class ConfigurationError(ValueError):
    """The client cannot be made as it was asked for; the text says what would be right."""


@dataclass(frozen=True)
class ServerAddress:
    """Where a server is: ``http://host:port``, ``https://host:port`` or ``unix:/path``."""

    #: What gRPC connects to.
    target: str
    #: The host, or None for a socket in the file system.
    host: str | None
    #: Whether the connection is encrypted.
    secure: bool

    @classmethod
    def parse(cls, text: str) -> ServerAddress:
        """Reads an address. The port may be left out for the scheme's own (80, 443); an IPv6 host stands in brackets."""
        if text.startswith("unix:"):
            path = text.removeprefix("unix://") if text.startswith("unix://") else text.removeprefix("unix:")
            if not path:
                raise _unreadable(text)
            return cls(target=f"unix:{path}", host=None, secure=False)
        match = re.fullmatch(
            r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\s/?#@:\[\]]+)(?::(?P<port>[0-9]{1,5}))?/?", text)
        if match is None or not match["host"].isascii():
            raise _unreadable(text)
        secure = match["scheme"] == "https"
        port = int(match["port"]) if match["port"] else 443 if secure else 80
        if not 1 <= port <= 65_535:
            raise _unreadable(text)
        return cls(target=f"{match['host']}:{port}", host=match["host"].strip("[]"), secure=secure)

    @property
    def is_local(self) -> bool:
        """Whether what is sent there stays on this machine."""
        if self.host is None or self.host in ("localhost", "::1"):
            return True
        # Only a dotted address counts: 127.example.com is a name that anybody may own.
        parts = self.host.split(".")
        return (
            len(parts) == 4
            and parts[0] == "127"
            and all(part.isascii() and part.isdigit() and int(part) <= 255 for part in parts)
        )


def _unreadable(text: str) -> ConfigurationError:
    return ConfigurationError(
        f"the server address {text!r} cannot be read: write http://host:port, https://host:port or unix:/path")


def check_key(key: str, address: ServerAddress, plain_text_allowed: bool) -> None:
    """Raises ConfigurationError when ``key`` cannot stand in a header, or would travel readable to another machine."""
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ConfigurationError("the API key holds blanks or unprintable characters: copy it again, without line ends")
    if not address.secure and not address.is_local and not plain_text_allowed:
        raise ConfigurationError(
            f"the API key would travel in plain text to {address.host}: use https, or allow plain text explicitly")
