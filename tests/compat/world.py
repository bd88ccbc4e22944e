"""The fictitious company of the store fixture: policies, sources, destinations and persons."""
from __future__ import annotations

import hashlib
import json
import pathlib
from dataclasses import dataclass
from typing import Any

from rig import PUBLIC_URL, baton

SEED = "compat 1"
OWNERS = {"erika": "71", "max": "72", "chris": "73", "lena": "74", "anna": "75", "ben": "76", "dora": "77"}

CONSENT = [{"purpose": "marketing", "channel": channel, "basis": "express", "state": f"{channel}_consent", "wording": "wording", "granted": ["yes"], "withdrawn": ["no"]}
           for channel in ("email", "phone", "sms")]
CRM_FIELDS = {"fields": {f"properties.{name}": name for name in ("stage", "reason", "owner", "outcome", "channel", "evidence", "actor", "wake_at")}}
# Sources of the adapter standard_webhooks; each maps its deliveries to one touch type.
SOURCES: dict[str, dict[str, Any]] = {
    "contact": {"touch": "contact_request", "consent": CONSENT},
    "quote": {"touch": "quote_request"},
    "download": {"touch": "content_download", "consent": CONSENT},
    "pages": {"touch": "product_page_view", "map": {"fields": {"tracking_basis": {"const": "consent"}, "page_group": "page"}}},
    "newsletter": {"touch": "newsletter_subscribe"},
    "consent": {"touch": "consent_changed", "consent": CONSENT},
    "objection": {"touch": "consent_changed", "consent": [{"purpose": "marketing", "channel": "any", "state": {"const": "no"}, "withdrawn": ["no"], "granted": ["yes"]}]},
    "stages": {"touch": "crm_stage_changed", "map": CRM_FIELDS},
    "owners": {"touch": "crm_owner_changed", "map": CRM_FIELDS},
    "contacts": {"touch": "crm_contacted", "map": CRM_FIELDS},
    "lost": {"touch": "crm_lost", "map": CRM_FIELDS},
    "won": {"touch": "crm_won", "map": CRM_FIELDS},
}
TYPEFORM = {"adapter": "typeform", "secret": "${file:secrets/typeform}", "region": "DE", "by_asset": {"kOnTaK": {"touch": "contact_request", "intent": "hand_raiser"}}}


def rep(name: str, team: str, **more: Any) -> dict[str, Any]:
    return {"id": name.lower(), "name": f"{name} Beispiel", "email": f"{name.lower()}@example.com", "team": team, "messages": "de", **more}


ROUTING = {
    "calendar": "emea",
    "reps": [
        rep("Erika", "emea", languages=["de", "en"], seniority="senior", phone="+49 89 1000001"),
        rep("Max", "emea", languages=["de", "en"], cap={"day": 9}),
        rep("Anna", "emea", shifts={"windows": {"mon-wed": ["09:00-13:00"]}, "days": {"2026-03-12": ["09:00-12:00"]}}),
        rep("Chris", "amer", calendar="amer", messages="en"),
        rep("Ben", "amer", calendar="amer", messages="en", skills=["cloud"]),
        rep("Dora", "swiss", languages=["de", "fr"]),
        rep("Kim", "strays"),
        rep("Lena", "emea"),
        rep("Hanna", "emea"),
        rep("Mona", "marketing"),
    ],
    "teams": [{"id": "emea", "name": "EMEA", "lead": "lena", "head": "hanna"}, {"id": "amer", "name": "AMER", "lead": "chris", "head": "hanna"},
              {"id": "swiss", "name": "Schweiz", "lead": "lena"}, {"id": "strays", "name": "Strays", "lead": "lena"}, {"id": "marketing", "name": "Marketing", "lead": "mona"}],
    "absences": [{"rep": "max", "from": "2026-03-11", "until": "2026-03-12"}, {"rep": "kim", "from": "2026-01-01", "until": "2026-12-31"}],
    "accounts": [{"domain": "konzern.example", "rep": "anna"}],
    "pools": [
        {"id": "emea", "name": "EMEA", "team": "emea", "share_by": "count", "hours": "ignore", "when_nobody": "hold", "catch_up_turns": 2, "cap": {"day": 15},
         "members": [{"rep": "erika", "weight": 2}, {"rep": "max", "weight": 1}, {"rep": "anna", "weight": 1}]},
        {"id": "amer", "name": "AMER", "team": "amer", "share_by": "least_loaded", "hours": "respect", "when_nobody": "hold",
         "members": [{"rep": "chris", "weight": 1}, {"rep": "ben", "weight": 1}]},
        {"id": "swiss", "name": "Schweiz", "team": "swiss", "share_by": "score_mass", "hours": "workdays", "when_nobody": "escalate", "escalate_to": "lena",
         "cap": {"untouched": 3}, "members": [{"rep": "dora", "weight": 3}, {"rep": "max", "weight": 1}]},
        {"id": "strays", "name": "Strays", "team": "strays", "when_nobody": "hold", "members": [{"rep": "kim"}]},
    ],
    "rules": [
        {"name": "account_owner_first", "when": {"account_owner": {"present": True}}, "then": {"account_owner": True, "sticky": True}},
        {"name": "previous_owner_first", "when": {"previous_owner": {"present": True}}, "then": {"previous_owner": True}},
        {"name": "to_amer", "when": {"country": "US"}, "then": {"pool": "amer"}},
        {"name": "to_swiss", "when": {"country": "CH"}, "then": {"pool": "swiss"}},
        {"name": "to_emea", "when": {"country": ["DE", "AT"]}, "then": {"pool": "emea", "hot": True}},
    ],
    "catch_all": {"pool": "strays", "keeper": "lena"},
}
OFFICE = {"zone": "Europe/Berlin", "windows": {"mon-fri": ["09:00-12:00", "13:00-17:00"]}, "holidays": "DE-BY", "closed": ["2026-03-20"]}
CALENDARS = {"calendars": {"office": OFFICE, "emea": {"zone": "Europe/Berlin", "windows": {"mon-fri": ["09:00-17:00"]}, "holidays": "DE-BY"},
                           "amer": {"zone": "America/New_York", "windows": {"mon-fri": ["09:00-17:00"]}}}}
LIFECYCLE = (("push: {from: lead}", "push: {from: lead, tasks: [qualify, connect, reschedule, handover]}"), ("team: sales", "team: emea"), ("types: []  ", "types: [newsletter_subscribe]  "),
             ("expires_after: 14d", "expires_after: 5d"), ("after_lost: 90d", "after_lost: 6d"), ("cool_down: 30d", "cool_down: 3d"))
SLA = (("# marketing: erika  ", "marketing: mona  "), ("calendar: office\n", "calendar: office\nplaces: [{countries: [US], calendar: amer}]\n"),
       ("  first_contact:\n", "  first_contact:\n    calendar: lead\n"), ("  accept:\n", "  accept:\n    calendar: rep\n"), ("max_hops: 2 ", "max_hops: 3 "),
       ("  # catch_all:\n  #   label: {en: find out where it belongs, de: \"klären, wohin er gehört\"}\n", "  catch_all:\n    when: {rule: [catch_all]}\n    start: mql\n    stop: [attempt, reached, rejected]\n    cancel: closed\n    budget: 2h\n    warnings: [50]\n    breach_to: [team_lead]\n    escalations: [200]\n"),
       ("  warn: 5   ", "  warn: 0   "),
       ("# periods:\n#   volume:", "periods:\n  volume:"), ("#   quality:", "  quality:"))
SETTINGS = {
    "schema": 1, "listen": {"public": "127.0.0.1:0", "admin": "127.0.0.1:0", "public_url": PUBLIC_URL, "trusted_proxies": ["127.0.0.1/32"]}, "data": "${env:COMPAT_DATA}",
    "admin": {"tokens": ["${file:secrets/admin_token}"]}, "language": "en", "region": "DE", "engine": {"threads": 1, "look_every": "20ms"}, "actions": {"link_lifetime": "60d"}}
LOOPBACK = {"allow_private": ["127.0.0.0/8"]}
HUBSPOT = {"adapter": "hubspot", "mode": "live", "deadline": "30s", "settings": {"token": "${file:secrets/hubspot_token}", "base_url": "${env:COMPAT_CRM}"}, "http": LOOPBACK,
           "tables": {"owners": OWNERS}, "tasks": {"settles": "1s"}, "feedback": {"contact_every": "6h", "lead_every": "1d", "stale_after": "90d"}}
ERP = {"adapter": "rest", "mode": "observe", "settings": {"base_url": "https://erp.example.com/api", "token": "not-a-real-token"}}
ALERTS = {
    "language": "en",
    "channels": [{"name": "chat", "adapter": "webhook", "mode": "live", "settings": {"url": "${env:COMPAT_CHAT}/in", "secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"}, "http": LOOPBACK},
                 {"name": "mail", "adapter": "email", "mode": "observe", "settings": {"host": "mail.example.com", "from": "Baton <baton@example.com>"}}],
    "routes": [{"channel": "mail", "recipients": ["anna"]}, {"channel": "chat"}],
    "group": {"window": "15m", "collect": "1m"}, "digest": {"at": "17:30", "to": ["lena", "mona"], "calendar": "emea", "individuals": True}}


def edited(file: pathlib.Path, changes: tuple[tuple[str, str], ...]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{file.name} has no {old!r}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def write_config(folder: pathlib.Path) -> None:
    """Writes the company's configuration over that of `baton init`. The secrets come from a fixed seed and protect nothing."""
    sources = [word for name in ("typeform", "hubspot", "calendly", "standard_webhooks") for word in ("--source", name)]
    code, _, complaint = baton("init", folder, "--lang", "en", *sources, "--crm", "hubspot")
    assert code == 0, complaint
    for secret in sorted((folder / "secrets").iterdir()):
        digest = hashlib.sha256(f"{SEED} {secret.name}".encode()).hexdigest()[:48]
        secret.write_text(digest + "\n", encoding="ascii")
    (folder / "secrets" / "standard_webhooks").write_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\n", encoding="ascii")
    files = {"baton.yaml": SETTINGS, "alerts.yaml": ALERTS, "crm/hubspot.yaml": HUBSPOT, "crm/erp.yaml": ERP, "policy/routing.yaml": ROUTING, "policy/calendars.yaml": CALENDARS,
             "sources/typeform.yaml": TYPEFORM}
    for name, settings in SOURCES.items():
        files[f"sources/{name}.yaml"] = {"adapter": "standard_webhooks", "secret": "${file:secrets/standard_webhooks}", "region": "DE", **settings}
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")  # JSON is YAML
    edited(folder / "policy" / "lifecycle.yaml", LIFECYCLE)
    edited(folder / "policy" / "sla.yaml", SLA)
    code, said, complaint = baton("check", folder, env={"COMPAT_DATA": "/tmp/none", "COMPAT_CRM": "http://127.0.0.1:1", "COMPAT_CHAT": "http://127.0.0.1:1"})
    assert code == 0, said + complaint


FIRST = ("Anke", "Bodo", "Carla", "Dirk", "Elif", "Falk", "Gesa", "Hugo", "Ines", "Jörg", "Käthe", "Luca", "Mara", "Nils", "Olga", "Paul", "Rosa", "Sven", "Tara", "Udo")
LAST = ("Ahorn", "Birke", "Buche", "Eiche", "Erle", "Esche", "Fichte", "Hasel", "Kiefer", "Linde", "Pappel", "Rotdorn", "Tanne", "Ulme", "Weide")
JOBS = ("Einkaufsleiterin", "Geschäftsführer", "CEO", "Head of Sales", "Werkstudent", "Assistenz", "")
SIZES = ("12", "80", "250", "1200", "")


@dataclass
class Person:
    """A fictitious person, derived from a number."""
    n: int
    country: str = "DE"
    consumer: bool = False

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{SEED} person {self.n}".encode()).hexdigest()[:20]

    @property
    def lead(self) -> str:
        return self.id + ".1"

    @property
    def name(self) -> str:
        return f"{FIRST[self.n % len(FIRST)]} {LAST[self.n * 7 % len(LAST)]} {self.n}"

    @property
    def email(self) -> str:
        return f"person{self.n}@gmail.com" if self.consumer else f"person{self.n}@firma{self.n}.example"

    def facts(self, **more: str) -> dict[str, str]:
        known = {"full_name": self.name, "email": self.email, "country": self.country, "phone": f"+49 89 55{self.n:05d}", "language": "de" if self.country in ("DE", "AT", "CH") else "en"}
        if not self.consumer:
            known |= {"company": f"Firma {self.n} GmbH", "job_title": JOBS[self.n % len(JOBS)], "company_size": SIZES[self.n % len(SIZES)], "postal_code": f"8{self.n % 1000:04d}"}
        return {name: value for name, value in {**known, **more}.items() if value}
