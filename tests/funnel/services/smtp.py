"""A mail server for tests: speaks enough SMTP to be Django's, and keeps what it was given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """What arrived, and how recipients are answered; 250 takes them."""

    port: int
    messages: list[str] = field(default_factory=list)
    answer_to_recipient: str = "250 OK"


class _Handler(socketserver.StreamRequestHandler):
    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        server: MailServer = self.server.mail_server  # type: ignore[attr-defined]
        self._say("220 mail.test")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                self._say(server.answer_to_recipient)
            elif verb == "DATA":
                self._say("354 go on")
                lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                server.messages.append("".join(lines))
                self._say("250 OK")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 OK")


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Run one on a free port of this machine."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as tcp:
        tcp.daemon_threads = True
        mail_server = MailServer(port=tcp.server_address[1])
        tcp.mail_server = mail_server  # type: ignore[attr-defined]
        threading.Thread(target=tcp.serve_forever, daemon=True).start()
        try:
            yield mail_server
        finally:
            tcp.shutdown()
