"""The usual scene: four sources, a CRM and a chat channel, all live."""
import re
import time

import fakes
import senders
from rig import PUBLIC_URL, Case, http_call, wait_until

SOURCES = ("typeform", "hubspot", "calendly", "standard_webhooks")
TYPEFORM = """adapter: typeform
secret: ${file:secrets/typeform}
region: DE
by_asset:
  kOnTaK: {touch: contact_request, intent: hand_raiser}
"""


class Scene(Case):
    CRM = fakes.Crm

    def scene(self, start=True, edits=(), **options):
        """A gateway with everything live; `edits` are (file, old, new) in its policies."""
        self.crm, self.chat = self.CRM(self), fakes.Chat(self)
        flags = [word for source in SOURCES for word in ("--source", source)]
        g = self.gateway(*flags, "--crm", "hubspot", **options)
        g.put_secret("standard_webhooks", senders.whsec())
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm))
        g.write("alerts.yaml", fakes.alerts_yaml(self.chat))
        g.write("sources/typeform.yaml", TYPEFORM)
        for path, old, new in edits:
            g.edit(path, (old, new))
        return g.start().wait_ready() if start else g

    def contact_request(self, g, event, name="Erika Beispiel", email="erika@beispiel.example", **more):
        body = senders.typeform_body(event, name, email, **more)
        return senders.typeform(g.secret("typeform"), body)


def steady(read, quiet=1.0):
    """The result of read() after it has stayed the same for `quiet` seconds, when no work is in progress."""
    value, since = read(), time.monotonic()

    def same():
        nonlocal value, since
        now = read()
        if now != value:
            value, since = now, time.monotonic()
        return time.monotonic() - since > quiet

    wait_until(same, "nothing changes", every=0.1)
    return value


# Working hours at all hours of all days, so that messages for working hours leave at once.
ALWAYS_OPEN = [("policy/calendars.yaml", 'mon-fri: ["09:00-17:00"]', 'mon-sun: ["00:00-24:00"]'), ("policy/calendars.yaml", "    holidays: DE-BY\n", "")]


def page_path(message, action=None):
    """The path of the action page behind the links of an alert, or behind the link of `action`."""
    url = next(link["url"] for link in message["data"]["links"] if link["url"].startswith(PUBLIC_URL) and action in (None, link.get("action")))
    return url.removeprefix(PUBLIC_URL).partition("#")[0]


class ActionPage:
    """The page behind a link, as a browser uses it."""

    def __init__(self, gateway, message, action=None):
        self.gateway, self.path = gateway, page_path(message, action)

    def open(self):
        return http_call(self.gateway.public_port, "GET", self.path)

    def nonce(self):
        page = self.open()
        assert page.status == 200, page
        return re.search(rb'name="nonce" value="([^"]+)"', page.body).group(1).decode()

    def press(self, action, nonce=None, **fields):
        form = {"nonce": self.nonce() if nonce is None else nonce, "action": action, **fields}
        body = "&".join(f"{k}={v}" for k, v in form.items())
        return http_call(self.gateway.public_port, "POST", self.path, body, {"Content-Type": "application/x-www-form-urlencoded"})
