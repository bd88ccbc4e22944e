"""The channels of the day: a chat channel for most messages, and a real mail server for the reps of one pool."""
from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable

import fakes
import mailserver
from fasttime import FastTime
from history import Recorder
from rig import PUBLIC_URL, Gateway

BY_MAIL = ("offer", "warning", "reassigned")


def alerts(chat: fakes.Chat, server: mailserver.MailServer, readers: list[str]) -> str:
    """alerts.yaml: offers and warnings of some readers go by mail, all other messages to the chat, in each reader's language."""
    # Grouped as usual, but without quiet hours: a message that waits for the morning would still wait at the end of the day.
    written = json.loads(fakes.alerts_yaml(chat, timing={"group": {"window": "15m"}, "quiet": {"kinds": []}}))
    del written["language"]
    settings = {"host": "127.0.0.1", "port": server.port, "tls": "starttls", "user": mailserver.USER, "password": "${file:secrets/mail_password}",
                "from": "Baton <baton@example.com>"}
    written["channels"].append({"name": "mail", "adapter": "email", "mode": "live", "settings": settings,
                                "smtp": {"allow_private": ["127.0.0.0/8"], "ca_file": str(server.cert)}})
    written["routes"] = [{"channel": "mail", "recipients": readers, "kinds": list(BY_MAIL)}, {"channel": "sales"}]
    return json.dumps(written)


class MailServer(mailserver.MailServer):
    """Passes each accepted mail on. Its certificate is valid in the fast time of its clients."""

    def __init__(self, case, clock: FastTime, on_mail: Callable[[dict], None]):
        self.on_mail = on_mail
        os.environ.update(clock.env)
        try:
            super().__init__(case)
        finally:
            for name in clock.env:
                del os.environ[name]

    async def handle_DATA(self, server, session, envelope):
        said = await super().handle_DATA(server, session, envelope)
        self.on_mail(self.seen()[-1])
        return said


class Channels:
    def __init__(self, case, gateway: Gateway, chat: fakes.Chat, clock: FastTime, history: Recorder, readers: list[str], got: Callable[[dict], None]):
        self.clock, self.history, self.got = clock, history, got
        self.mails = MailServer(case, clock, self._mail)
        gateway.put_secret("mail_password", mailserver.PASSWORD)
        gateway.write("alerts.yaml", alerts(chat, self.mails, readers))
        succeed = chat.succeed
        chat.on_effect = lambda **line: None

        def take(handler, body):
            self._posted(json.loads(body))
            succeed(handler, body)

        chat.succeed = take

    def _note(self, destination: str, kind: str, data: dict, **more) -> None:
        self.history.note("effects", at=self.clock.now(), destination=destination, kind="blind", key=data["key"], version=None, person=data.get("person", ""),
                          lead=data.get("lead"), content={"type": kind, "recipient": data["recipient"]["id"]}, applied=True, **more)

    def _posted(self, message: dict) -> None:
        """Records the members of a group, each under its own key."""
        data = message["data"]
        if not data.get("members"):
            self._note("sales", message["type"], data)
        for member in data.get("members", ()):
            self._note("sales", "baton." + member["kind"], {**member, "recipient": data["recipient"]}, group=data["key"])
        self.got(message)

    def _mail(self, taken: dict) -> None:
        mail = taken["mail"]
        kind = "baton." + re.match(r"[^<]*<(\w+)\.", mail["List-Id"]).group(1)
        text = mail.get_body(("plain",)).get_content()
        link = re.search(re.escape(PUBLIC_URL) + r"/a/[\w.-]+", text)
        data = {"key": mail["X-Baton-Key"], "recipient": {"id": taken["to"][0].partition("@")[0]}, "headline": mail["Subject"],
                "links": [{"url": link.group(0)}] if link else [], "lead": lead_of(link.group(0)) if link else None}
        self._note("mail", kind, data)
        self.got({"type": kind, "data": data})


def lead_of(link: str) -> str:
    """The lead of a link, which a mail does not name: the first claim of the token, after its version."""
    claims = link.rpartition("/a/")[2].partition(".")[0]
    return base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)).split(b"\x1f")[1].decode()
