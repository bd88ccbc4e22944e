"""Signed deliveries as the vendors send them. Written from the vendors' documentation alone, so that the tests
check how the gateway implements it."""
import base64
import hashlib
import hmac
import json
import time

from rig import PUBLIC_URL

JSON = "application/json"


def _mac(key, *parts):
    return hmac.new(key if isinstance(key, bytes) else key.encode(), b"".join(p if isinstance(p, bytes) else p.encode() for p in parts), hashlib.sha256)


def _bytes(body):
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def request(path, body, headers):
    return {"path": path, "body": body, "headers": headers}


def typeform(secret, body, path="/hooks/typeform"):
    """https://www.typeform.com/developers/webhooks/secure-your-webhooks/"""
    body = _bytes(body)
    signature = "sha256=" + base64.b64encode(_mac(secret, body).digest()).decode()
    return request(path, body, {"Content-Type": JSON, "Typeform-Signature": signature})


def hubspot(secret, body, path="/hooks/hubspot", at=None):
    """Signature v3: method, URI as called, body and milliseconds."""
    body = _bytes(body)
    stamp = str(int((time.time() if at is None else at) * 1000))
    signature = base64.b64encode(_mac(secret, "POST", PUBLIC_URL + path, body, stamp).digest()).decode()
    return request(path, body, {"Content-Type": JSON, "X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": stamp})


def calendly(secret, body, path="/hooks/calendly", at=None):
    body = _bytes(body)
    stamp = str(int(time.time() if at is None else at))
    return request(path, body, {"Content-Type": JSON, "Calendly-Webhook-Signature": f"t={stamp},v1={_mac(secret, stamp, '.', body).hexdigest()}"})


def standard_webhooks(secret, body, message_id, path="/hooks/standard_webhooks", at=None, **headers):
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
    body = _bytes(body)
    stamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = "v1," + base64.b64encode(_mac(key, f"{message_id}.{stamp}.", body).digest()).decode()
    return request(path, body, {"Content-Type": JSON, "webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signature, **headers})


# --- bodies

def typeform_body(event, name, email, phone="", company="", message="", form="kOnTaK", token=None):
    answers = [("Vor- und Nachname", "text", "text", name), ("E-Mail", "email", "email", email), ("Telefon", "phone_number", "phone_number", phone),
               ("Firma", "text", "text", company), ("Nachricht", "text", "text", message)]
    kept = [(i, a) for i, a in enumerate(answers) if a[3]]
    return {"event_id": event, "event_type": "form_response", "form_response": {
        "form_id": form, "token": token or "t" + event, "submitted_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "definition": {"id": form, "title": "Kontakt", "fields": [{"id": f"q{i}", "ref": f"r{i}", "type": a[1], "title": a[0]} for i, a in kept]},
        "answers": [{"type": a[1], a[2]: a[3], "field": {"id": f"q{i}", "ref": f"r{i}", "type": a[1]}} for i, a in kept]}}


def hubspot_contact(vid, first, last, email, company=""):
    """The body of the workflow action "Send a webhook"."""
    now = str(int(time.time() * 1000))
    values = {"email": email, "firstname": first, "lastname": last, "company": company, "lastmodifieddate": now}
    return {"vid": vid, "portal-id": 62515, "is-contact": True, "properties": {k: {"value": v} for k, v in values.items() if v}}


def calendly_invitee(key, name, email, phone=""):
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
    return {"event": "invitee.created", "created_at": now, "payload": {
        "uri": f"https://api.calendly.com/scheduled_events/{key}/invitees/{key}", "event": f"https://api.calendly.com/scheduled_events/{key}",
        "email": email, "name": name, "created_at": now, "timezone": "Europe/Berlin", "rescheduled": False,
        "questions_and_answers": [{"question": "Phone number", "answer": phone, "position": 0}] if phone else []}}


def whsec(seed="0123456789abcdef01234567"):
    return "whsec_" + base64.b64encode(seed.encode()).decode()
