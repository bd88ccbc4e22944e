"""The links of an alert in the wrong hands: scanners, forwarders, forgers, and users who come late or twice."""
import re
import threading
import unittest

from rig import http_call, wait_until
from scene import ActionPage, Scene, steady

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AGENTS = ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
          "Mozilla/5.0 (compatible; Microsoft Office Outlook; SafeLinks)", "facebookexternalhit/1.1", "WhatsApp/2.23", "Twitterbot/1.0", "LinkedInBot/1.0", "Googlebot/2.1",
          "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))", "curl/8.0", "")
FETCHES = ({"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"X-Moz": "prefetch"}, {"Range": "bytes=0-99"}, {"If-None-Match": "*"})


class LinkScene(Scene):
    def setUp(self):
        super().setUp()
        self.g = self.scene(start=False)
        self.g.write_settings(listen={**self.g.settings["listen"], "trusted_proxies": ["127.0.0.1/32"]}, **self.more_settings())
        self.g.start().wait_ready()
        self.readers = 0

    def more_settings(self):
        return {}

    def offers(self, count=1):
        for n in range(count):
            self.g.deliver(self.contact_request(self.g, f"e{n}", name=f"Erika Beispiel{'i' * n}", email=f"erika{n}@beispiel{n}.example", phone="089 123456"))
        return wait_until(lambda: (lambda m: m if len(m) >= count else None)(self.chat.messages("offer")), f"{count} offers")

    def ask(self, method, path, body=None, **headers):
        """Each call comes from another address, because requests per address are limited."""
        self.readers += 1
        return http_call(self.g.public_port, method, path, body, {"X-Forwarded-For": f"198.51.100.{self.readers % 250}", **headers})

    def state(self, offer):
        """All that the API shows of a lead."""
        lead = offer["data"]["lead"]
        return [self.g.get(path) for path in (f"/api/v1/leads/{lead}", f"/api/v1/leads/{lead}/timeline?limit=200", "/api/v1/leads", "/api/v1/pools", "/api/v1/clocks")]


class Scanners(LinkScene):
    """G14: a client that only opens a link changes nothing."""

    def hrefs(self, page):
        return [href for href in re.findall(r'(?:href|src|action)="([^"]*)"', page) if not href.startswith("tel:")]

    def test_opening_changes_nothing(self):
        offer = self.offers()[0]
        path = ActionPage(self.g, offer).path
        before = steady(lambda: self.state(offer))
        for method in ("GET", "HEAD"):
            for agent in AGENTS:
                answer = self.ask(method, path, **{"User-Agent": agent})
                self.assertEqual((answer.status, answer.headers["Cache-Control"]), (200, "no-store"), agent)
                self.assertEqual(bool(answer.body), method == "GET")
            for headers in FETCHES:
                self.assertEqual(self.ask(method, path, **headers).status, 200, headers)
        for href in self.hrefs(self.ask("GET", path).body.decode()):
            self.ask("GET", path + href if href.startswith("?") else href)
        for link in offer["data"]["links"]:
            if "/a/" in link["url"]:
                self.ask("GET", "/a/" + link["url"].partition("/a/")[2])
        for wrong in ("?action=accept", "/accept", "?nonce=x&action=accept"):
            self.ask("GET", path + wrong)
        for method in ("OPTIONS", "PUT", "DELETE", "PATCH"):
            self.assertEqual(self.ask(method, path).status, 405)
        self.assertEqual(self.state(offer), before)
        self.assertEqual(ActionPage(self.g, offer).press("accept").status, 200)
        self.assertNotEqual(self.state(offer), before)

    def test_a_post_without_an_opened_page_does_nothing(self):
        """A scanner that posts does not have the nonce of the page."""
        offer = self.offers()[0]
        path = ActionPage(self.g, offer).path
        before = steady(lambda: self.state(offer))
        for body in ("", "action=accept", "action=accept&nonce=", "action=accept&nonce=a.b", "%", "action=accept&nonce=" + "a" * 3000):
            self.assertEqual(self.ask("POST", path, body, **FORM).status, 400, body[:40])
        self.assertEqual(self.ask("POST", path, "action=accept&note=" + "a" * 9000, **FORM).status, 413)
        self.assertEqual(self.state(offer), before)


class Misused(LinkScene):
    def test_a_nonce_allows_one_action_on_one_page(self):
        mine, other = self.offers(2)
        page, wrong = ActionPage(self.g, mine), ActionPage(self.g, other)
        nonce = page.nonce()
        self.assertEqual(wrong.press("accept", nonce).status, 400)
        self.assertEqual(self.g.get("/api/v1/leads/" + other["data"]["lead"])["stage"], "mql")
        statuses, lock = [], threading.Lock()

        def press():
            answer = ActionPage(self.g, mine).press("not_reached", nonce)
            with lock:
                statuses.append(answer.status)

        fingers = [threading.Thread(target=press) for _ in range(6)]
        for finger in fingers:
            finger.start()
        for finger in fingers:
            finger.join()
        self.assertEqual(sorted(statuses), [200] + [409] * 5)
        self.assertEqual(len(self.g.get("/api/v1/leads/" + mine["data"]["lead"])["episode"]["attempts"]), 1)
        self.assertEqual(page.press("accept", nonce).status, 409)  # also refused for another button
        self.assertEqual(page.press("reached").status, 200)        # a newly opened page

    def test_a_forwarded_link_acts_for_its_rep_while_they_own_the_lead(self):
        offer = self.offers()[0]
        rep, lead = offer["data"]["owner"], offer["data"]["lead"]
        page = ActionPage(self.g, offer)
        self.assertEqual(page.press("not_reached").status, 200)  # the log names the rep of the link, whichever person uses it
        self.assertEqual(self.g.get("/api/v1/leads/" + lead)["episode"]["attempts"][0]["rep"], rep)
        self.assertEqual(page.press("reject", reason="no_capacity").status, 409)  # a contact implies acceptance

    def test_a_forwarded_link_shows_nothing_after_the_owner_changed(self):
        offer = self.offers()[0]
        rep, lead = offer["data"]["owner"], offer["data"]["lead"]
        page = ActionPage(self.g, offer)
        nonce = page.nonce()
        self.assertEqual(self.g.act(lead, "reject", rep=rep, reason="wrong_territory").status, 200)
        second = wait_until(lambda: [m for m in self.chat.messages("offer") if m["data"]["owner"] != rep], "another owner")[0]
        before = steady(lambda: self.state(offer))
        shown = page.open()
        self.assertEqual(shown.status, 409)
        for secret in (b"Beispiel", b"123456", b"Muster", b"Sample"):  # neither the customer nor the present owner
            self.assertNotIn(secret, shown.body)
        for action in ("accept", "reached", "not_reached", "reject"):
            self.assertEqual(page.press(action, nonce, reason="no_fit").status, 409, action)
        self.assertEqual(self.state(offer), before)
        self.assertEqual(ActionPage(self.g, second).press("accept").status, 200)

    def test_a_forged_link_shows_nothing(self):
        mine, other = self.offers(2)
        good, bad = ActionPage(self.g, mine).path, ActionPage(self.g, other).path
        (claims, mac), (_, foreign) = good.removeprefix("/a/").split("."), bad.removeprefix("/a/").split(".")
        before = steady(lambda: self.state(mine))
        for forged in (f"{claims}.{foreign}", f"{claims}.", claims, f".{mac}", f"{claims}.{mac}.{mac}", f"{claims}.{mac}AAAA", f"{claims}={mac}", "%2e%2e", "a" * 5000, "%00", "%c3%a4"):
            for method, body in (("GET", None), ("HEAD", None), ("POST", "action=accept&nonce=a.b")):
                answer = self.ask(method, "/a/" + forged, body, **(FORM if body else {}))
                self.assertIn(answer.status, (400, 404, 414, 431), forged[:60])
                self.assertNotIn(b"Beispiel", answer.body)
        self.assertEqual(self.state(mine), before)


class Expired(LinkScene):
    def more_settings(self):
        return {"actions": {"link_lifetime": "2s"}}

    def test_an_expired_link_shows_nothing_and_does_nothing(self):
        offer = self.offers()[0]
        page = ActionPage(self.g, offer)
        nonce = page.nonce()
        wait_until(lambda: self.ask("GET", page.path).status == 410, "expired", every=0.1)
        before = steady(lambda: self.state(offer))
        for method, body in (("GET", None), ("HEAD", None), ("POST", f"action=accept&nonce={nonce}"), ("POST", f"action=reject&reason=no_fit&nonce={nonce}")):
            answer = self.ask(method, page.path, body, **(FORM if body else {}))
            self.assertEqual(answer.status, 410)
            self.assertNotIn(b"Beispiel", answer.body)
        self.assertEqual(self.state(offer), before)


if __name__ == "__main__":
    unittest.main()
