"""The action page in a real browser, for a rep with a phone, a keyboard or a screen reader. A mail scanner changes nothing."""
import json
import unittest

import browser as browser_module
import fakes
from rig import http_call, wait_until
from scene import Scene, page_path, steady

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KG"
THUMB = 44  # px
WORDS = {  # texts of the page
    "de": {"accept": "Annehmen", "reached": "Erreicht", "missed": "Nicht erreicht", "reject": "Ablehnen", "done": "Danke, Ihre Antwort ist gespeichert.", "back": "Zurück zum Lead",
           "twice": "Diese Antwort war schon gespeichert.", "other": "Dieser Lead ist nicht mehr bei Ihnen.", "expired": "Dieser Link ist abgelaufen", "forged": "Dieser Link ist nicht bekannt.",
           "capacity": "Keine Zeit dafür", "due": "Frist", "call": "Anrufen", "why": "Grund der Ablehnung",
           "over": "Das ist schon erledigt."},
    "en": {"accept": "Accept", "reached": "Reached", "missed": "Not reached", "reject": "Reject", "done": "Thank you. Your answer is saved.", "back": "Back to the lead",
           "twice": "This answer was already saved.", "other": "This lead is no longer yours.", "expired": "This link has expired", "forged": "This link is not known.",
           "capacity": "No time for it", "due": "Due", "call": "Call", "why": "Reason", "over": "This has already been settled."}}


class PageScene(Scene):
    """A gateway, a browser, and offers in both languages. Each reader has a separate address."""

    language = None  # language of all messages and pages; None: the language of each rep

    def setUp(self):
        super().setUp()
        self.g = self.scene(start=False, edits=self.edits())
        self.g.write_settings(listen={**self.g.settings["listen"], "trusted_proxies": ["127.0.0.1/32"]}, **self.more_settings())
        alerts = json.loads(fakes.alerts_yaml(self.chat))
        del alerts["language"]  # so that each rep gets their language
        if self.language:
            alerts["language"] = self.language
        self.g.write("alerts.yaml", json.dumps(alerts))
        self.g.start().wait_ready()
        self.browser = browser_module.Browser(self)
        self.readers = self.leads_made = 0
        self.given = set()

    def more_settings(self):
        return {}

    def edits(self):
        return ()

    def offer(self, language, **more):
        """The offer of a new lead to a rep with that language, and the path behind its links."""
        for _ in range(8):
            self.leads_made += 1
            n = self.leads_made
            who = {"name": "Erika Beispiel", "phone": "089 123456", "company": LONG, "message": "Bitte um Rückruf <heute> & \"gern\" früh", **more}
            self.g.deliver(self.contact_request(self.g, f"e{n}", email=f"erika{n}@beispiel{n}.example", **who))
            offers = wait_until(lambda: (lambda m: m if len(m) >= self.leads_made else None)(self.chat.messages("offer")), "an offer")
            found = next((m for m in offers if m["data"]["language"] == language and m["data"]["lead"] not in self.given), None)
            if found:
                self.given.add(found["data"]["lead"])
                return found
        raise AssertionError(f"no offer in {language}")

    def address(self):
        self.readers += 1
        return f"198.51.100.{self.readers}"

    def open(self, path, language="en", **how):
        return self.browser("open", url=f"http://127.0.0.1:{self.g.public_port}{path}", locale={"de": "de-DE,de;q=0.9", "en": "en-GB"}[language],
                            headers={"X-Forwarded-For": self.address()}, **how)

    def lead(self, offer):
        return self.g.get("/api/v1/leads/" + offer["data"]["lead"])

    def clean(self, must=()):
        """Checks that the accessibility rules have no findings and no undecided cases."""
        found = self.browser("axe")
        self.assertEqual(found["violations"], [])
        self.assertEqual([rule for rule in found["incomplete"] if rule["id"] == "color-contrast"], [])
        for rule in must:
            self.assertIn(rule, found["passed"])

    def fits(self, page, width):
        self.assertFalse(page["scrolls"], "the page scrolls sideways")
        self.assertEqual(page["width"], width)
        for target in page["targets"]:
            self.assertGreaterEqual(target["height"], THUMB, target)
            self.assertGreaterEqual(target["width"], THUMB, target)
            self.assertGreaterEqual(target["left"], 0, target)
            self.assertLessEqual(target["right"], width, target)


class Looks(PageScene):
    def test_the_page_fits_a_phone_in_both_languages_and_colour_schemes(self):
        for language in ("de", "en"):
            path, words = page_path(self.offer(language)), WORDS[language]
            for width, scheme in ((360, "light"), (390, "dark"), (390, "light"), (360, "dark"), (320, "light")):
                with self.subTest(language=language, width=width, scheme=scheme):
                    self.assertEqual(self.open(path, width=width, scheme=scheme)["status"], 200)
                    page = self.browser("look")
                    self.assertEqual((page["lang"], page["heading"]), (language, "Erika Beispiel"))
                    for text in (LONG, 'Bitte um Rückruf <heute> & "gern" früh', words["call"], words["due"], words["capacity"]):
                        self.assertIn(text, page["text"])
                    self.assertNotRegex(page["text"], r"\d{4}-\d\d-\d\dT", "a time in ISO 8601")
                    self.fits(page, width)
                    self.clean(must=("color-contrast", "label", "select-name", "html-has-lang", "html-lang-valid", "document-title", "button-name", "link-name", "meta-viewport"))

    def test_the_page_makes_no_other_request(self):
        """The page loads no script, picture, font or tracker: it is one request, and its policy forbids others."""
        opened = self.open(page_path(self.offer("en")))
        self.assertIn("default-src 'none'", opened["headers"]["content-security-policy"])
        self.assertEqual([request["method"] for request in self.browser("look")["asked"]], ["GET"])

    def test_a_screen_reader_announces_the_page(self):
        self.open(page_path(self.offer("de")), "de")
        roles = self.browser("roles")
        for line in ("- main:", 'heading "Erika Beispiel" [level=1]', "- term: Unternehmen", 'link "Anrufen +4989123456"', 'button "Annehmen"', 'button "Erreicht"',
                     'button "Nicht erreicht"', 'region "Ablehnen"', 'combobox "Grund der Ablehnung"', 'textbox "Anmerkung (freiwillig)"', 'button "Ablehnen"'):
            self.assertIn(line, roles)

    def test_each_link_of_an_alert_opens_its_button(self):
        offer = self.offer("en")
        targets = {link["url"].partition("#")[2] for link in offer["data"]["links"] if "/a/" in link["url"]}
        self.assertEqual(targets, {"accept", "reached", "not-reached", "reject"})
        for target in targets:
            self.open(page_path(offer) + "#" + target)
            body = http_call(self.g.public_port, "GET", page_path(offer), headers={"X-Forwarded-For": self.address()}).body.decode()
            self.assertEqual(body.count(f'id="{target}"'), 1)

    def test_the_checks_can_fail(self):
        """Serves a page with the faults that the other tests search for."""
        bad = fakes.Fake(self)
        bad.succeed = lambda handler, body: handler.answer(200, b"<!doctype html><html><body style='width:900px'><img src=x><input><p style='color:#999;background:#aaa'>pale</p><button>a</button>", "text/html")
        self.browser("open", url=bad.url)
        found = {rule["id"] for rule in self.browser("axe")["violations"]}
        self.assertLessEqual({"html-has-lang", "document-title", "image-alt", "label", "color-contrast"}, found)
        page = self.browser("look")
        with self.assertRaises(AssertionError):
            self.fits({**page, "width": 360}, 360)


def luminance(colour):
    parts = [float(x) for x in colour[colour.index("(") + 1:-1].split(",")[:3]]
    linear = [c / 255 / 12.92 if c / 255 <= 0.03928 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Keyboard(PageScene):
    def test_tab_follows_the_reading_order_and_shows_the_focus(self):
        path = page_path(self.offer("de"))
        for scheme in ("light", "dark"):
            self.open(path, scheme=scheme, width=390)
            seen = []
            for _ in range(8):
                at = self.browser("press", key="Tab")
                seen.append(at["id"] or at["value"] or at["tag"])
                self.assertGreaterEqual(at["outline"], 2, at)
                self.assertGreaterEqual(contrast(at["colour"], at["behind"]), 3, at)
                self.assertTrue(at["inView"], at)
            self.assertEqual(seen, ["a", "accept", "reached", "outcome", "not-reached", "reason", "note", "reject"])

    def test_the_keyboard_accepts_a_lead(self):
        offer = self.offer("de")
        self.open(page_path(offer))
        self.assertEqual(self.browser("press", key="Tab", times=2)["id"], "accept")
        self.browser("enter")
        page = self.browser("look")
        self.assertEqual(page["heading"], WORDS["de"]["done"])
        self.clean()
        self.assertEqual(self.lead(offer)["stage"], "sal")
        self.assertEqual(self.browser("press", key="Tab")["tag"], "a")
        self.browser("enter")
        page = self.browser("look")
        self.assertIn("Angenommen", page["text"])
        self.assertEqual([t["id"] for t in page["targets"]][1:], ["reached", "outcome", "not-reached"])
        self.clean()

    def test_the_keyboard_rejects_with_a_reason_and_a_note(self):
        offer = self.offer("en")
        self.open(page_path(offer))
        self.assertEqual(self.browser("press", key="Tab", times=6)["id"], "reason")
        self.browser("type", text="Not my p")
        self.browser("press", key="Tab")
        self.browser("type", text="They ask for pumps, größer")
        self.browser("press", key="Tab")
        self.browser("enter")
        self.assertEqual(self.browser("look")["heading"], WORDS["en"]["done"])
        handover = self.lead(offer)["episode"]["handovers"][0]
        self.assertEqual((handover["state"], handover["reason"]), ("rejected", "wrong_product"))


class Answers(PageScene):
    def pressed(self, offer, words, button, status="done"):
        self.browser("tap", name=words[button])
        self.assertIn(words[status], self.browser("look")["heading"])
        self.clean()

    def test_a_rep_reports_reached_and_not_reached(self):
        for language, button, outcome in (("de", "reached", "reached"), ("en", "missed", "no_answer")):
            offer = self.offer(language)
            self.open(page_path(offer), scheme="dark")
            self.pressed(offer, WORDS[language], button)
            attempt = self.lead(offer)["episode"]["attempts"][0]
            self.assertEqual((attempt["outcome"], attempt["evidence_kind"]), (outcome, "attested"))
            clock = next(c for c in self.lead(offer)["clocks"] if c["definition"] == "first_contact")
            self.assertEqual(clock["state"], "stopped")

    def test_a_rep_rejects_for_each_kind_of_reason(self):
        for language, label, stage, happened in (("en", "No time for it", "mql", "procedural"), ("de", "Kontaktdaten falsch", "mql", "clerical"),
                                                 ("de", "Passt nicht zum Kundenprofil", "nurture", "definitional")):
            with self.subTest(label):
                offer = self.offer(language)
                self.open(page_path(offer))
                self.browser("choose", name=WORDS[language]["why"], label=label)
                self.pressed(offer, WORDS[language], "reject")
                if happened == "procedural":
                    owner = wait_until(lambda: self.lead(offer).get("owner"), "another owner")
                    self.assertNotEqual(owner, offer["data"]["owner"])
                else:
                    lead = self.lead(offer)
                    self.assertEqual((lead.get("episode") or lead["past"][-1])["stage"], stage)
                if happened == "clerical":
                    self.assertIn(("first_contact", "paused"), {(c["definition"], c["state"]) for c in self.lead(offer)["clocks"]})

    def test_a_rejection_without_a_reason_stays_on_the_page(self):
        offer = self.offer("en")
        self.open(page_path(offer))
        self.assertEqual(self.browser("stays", name="Reject"), {"invalid": ["reason"], "focus": "reason"})
        self.assertEqual(self.lead(offer)["stage"], "mql")

    def test_a_reload_repeats_no_action(self):
        offer = self.offer("en")
        self.open(page_path(offer))
        self.pressed(offer, WORDS["en"], "missed")
        self.browser("reload")
        self.assertIn(WORDS["en"]["twice"], self.browser("look")["heading"])
        self.assertEqual(len(self.lead(offer)["episode"]["attempts"]), 1)
        self.browser("follow", name=WORDS["en"]["back"])
        self.assertEqual(self.browser("look")["heading"], "Erika Beispiel")


class Scanner(PageScene):
    """A scanner with a separate browser opens the links of a mail, runs scripts, and follows further links."""

    def test_a_scanner_changes_nothing(self):
        offer = self.offer("de")
        lead = offer["data"]["lead"]
        state = lambda: (self.g.get(f"/api/v1/leads/{lead}"), self.g.get(f"/api/v1/leads/{lead}/timeline?limit=200"))
        before = steady(state)
        for link in (link["url"] for link in offer["data"]["links"] if "/a/" in link["url"]):
            self.open(page_path(offer) + "#" + link.partition("#")[2])
            for href in self.browser("look")["hrefs"]:
                if href.startswith("http"):
                    self.open(href.partition(str(self.g.public_port))[2])
        self.assertEqual(state(), before)
        self.open(page_path(offer))
        self.browser("tap", name="Annehmen")
        self.assertEqual(self.lead(offer)["stage"], "sal")


class Refused(PageScene):
    """Links that lead to no lead. The page says why, in the right language, and is accessible."""

    def more_settings(self):
        return {"actions": {"link_lifetime": "8s"}}

    def says(self, path, language, status, word, **how):
        opened = self.open(path, language, **how)
        page = self.browser("look")
        self.assertEqual((opened["status"], page["lang"]), (status, language))
        self.assertIn(WORDS[language][word], page["heading"])
        self.assertIn(WORDS[language][word], page["title"])
        self.assertNotIn("Beispiel", page["text"])
        self.fits(page, page["width"])
        self.clean(must=("color-contrast", "document-title"))

    def test_the_page_refuses_forged_and_expired_links_and_former_owners(self):
        offer = self.offer("de")
        path = page_path(offer)
        self.assertEqual(self.g.act(offer["data"]["lead"], "reject", rep=offer["data"]["owner"], reason="no_capacity").status, 200)
        self.says(path, "de", 409, "other")  # the language of the link, not of the browser
        for language, scheme in (("de", "dark"), ("en", "light")):
            self.says("/a/" + "A" * 60, language, 404, "forged", scheme=scheme)
            self.says(path[:-2] + ("AA" if path[-2:] != "AA" else "BB"), language, 404, "forged", scheme=scheme)
        for language in ("de", "en"):  # an expired link does not reveal its rep
            wait_until(lambda: http_call(self.g.public_port, "GET", path, headers={"X-Forwarded-For": self.address()}).status == 410, "expired", every=0.2)
            self.says(path, language, 410, "expired")


if __name__ == "__main__":
    unittest.main()
