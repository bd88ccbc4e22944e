"""A real mail server on loopback (Debian's aiosmtpd) in a thread, with TLS by a certificate made for it. It remembers
the mails it accepted and misbehaves on command."""
import asyncio
import contextlib
import email
import email.policy
import logging
import pathlib
import ssl
import subprocess
import sys
import threading
import time

import rig

try:
    import aiosmtpd  # noqa: F401
except ImportError:  # another interpreter than Debian's, which can use Debian's package as well
    sys.path.append("/usr/lib/python3/dist-packages")
from aiosmtpd.controller import Controller  # noqa: E402
from aiosmtpd.smtp import SMTP, AuthResult  # noqa: E402

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it logs the failures that tests cause to stderr

USER, PASSWORD = "baton", "not-a-real-password"


def certificate(folder):
    """A self-signed certificate for 127.0.0.1: (certificate, key)."""
    name = f"mail-{time.monotonic_ns()}"
    cert, key = pathlib.Path(folder) / f"{name}.pem", pathlib.Path(folder) / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return cert, key


class MailServer:
    """`replies` maps a verb ("MAIL", "RCPT", "DATA") to its next replies, in order; None accepts. The reply "die"
    closes the connection after the whole text has arrived, "hang" keeps the sender waiting."""

    def __init__(self, case, tls="starttls", login=True, port=0):
        self.lock, self.mails, self.replies, self.connections = threading.Lock(), [], {}, 0
        self.cert, key = certificate(case.folder)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.cert, key)
        options = {"tls_context": context, "require_starttls": True} if tls == "starttls" else {}
        if login:
            options.update(authenticator=self._login, auth_required=True, auth_require_tls=tls == "starttls")
        self.port = port or rig.free_port()
        self.controller = _Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10, server_kwargs=options,
                                      ssl_context=context if tls == "implicit" else None)
        self.controller.start()
        case.addCleanup(self.close)

    def close(self):
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def _login(self, _server, _session, _envelope, _mechanism, data):
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    def reply(self, verb):
        with self.lock:
            waiting = self.replies.get(verb) or []
            return waiting.pop(0) if waiting else None

    def script(self, verb, *replies):
        with self.lock:
            self.replies[verb] = list(replies)

    # --- called by aiosmtpd
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        with self.lock:
            self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        said = self.reply("RCPT")
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        said = self.reply("DATA")
        if said == "hang":
            await asyncio.sleep(60)
        if said and said not in ("die", "hang"):
            return said
        with self.lock:
            self.mails.append({"from": envelope.mail_from, "to": list(envelope.rcpt_tos), "tls": server.transport.get_extra_info("ssl_object") is not None, "login": session.authenticated,
                               "at": time.monotonic(), "raw": envelope.content,
                               "mail": email.message_from_bytes(envelope.content, policy=email.policy.default)})
        if said == "die":
            server.transport.abort()
        return "250 2.0.0 taken"

    def seen(self):
        with self.lock:
            return list(self.mails)


class _Controller(Controller):
    def __init__(self, owner, server_kwargs=None, **options):
        super().__init__(owner, **options)
        self.options = server_kwargs or {}

    def factory(self):
        return _Server(self.handler, **self.options)


class _Server(SMTP):
    async def smtp_DATA(self, arg):
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await super().smtp_DATA(arg)
