"""Destinations that remember every request and misbehave on command."""
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a killed gateway resets its connections
            super().handle_error(request, client_address)


class Fake:
    """An HTTP server on loopback. `script` holds the steps for the next requests, in order. After the last step, requests
    succeed. A step is a function that gets the handler and may answer."""

    def __init__(self, case):
        self.lock, self.requests, self.script = threading.Lock(), [], []
        self.on_effect = lambda **line: None  # called for each effect, in the order of the effects
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # an answer is two writes: the second would wait 40 ms for the client's ACK

            def log_message(self, *_):
                pass

            def _serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                if len(body) < length:  # the sender was killed
                    self.close_connection = True
                    return
                fake.serve(self, body)

            do_POST = do_PUT = do_PATCH = do_GET = _serve

            def answer(self, status, body=b"", content_type="application/json", **headers):
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), str(value))
                self.end_headers()
                self.wfile.write(body)

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        case.addCleanup(self.close)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler, body):
        with self.lock:
            step = self.script.pop(0) if self.script else None
            record = {"at": time.monotonic(), "path": handler.path, "method": handler.command, "headers": handler.headers, "body": body, "ok": step is None}
            self.requests.append(record)
        try:
            if step is None:
                self.succeed(handler, body)
            else:
                step(handler)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def seen(self):
        with self.lock:
            return list(self.requests)


# --- steps

def answer(status, body=b"{}", content_type="application/json", **headers):
    return lambda handler: handler.answer(status, body, content_type, **headers)


def hang_up(handler):
    handler.close_connection = True
    handler.connection.close()


def silent(seconds):
    """Waits for so many seconds, then closes the connection without an answer."""
    def step(handler):
        time.sleep(seconds)
        hang_up(handler)
    return step


READ = "/contacts/batch/read"
ACTS = ("calls", "emails", "meetings")


class Crm(Fake):
    """Behaves like HubSpot's batch upsert and batch read. Stores effects by key and trace (person and version). `acts`
    has the activities of sales (e-mail: properties and history). `reads` is a step for all reads. The script and seen()
    concern all other requests."""

    def __init__(self, case):
        super().__init__(case)
        self.effects = []  # (key, trace, properties) in order of arrival
        self.refused = {}  # e-mail: an error per item
        self.ids = {}
        self.acts, self.reads, self.asked = {}, None, []
        self.logged = {}  # kind of ACTS: id: (e-mail of the contact, properties)

    def serve(self, handler, body):
        if handler.path.endswith(READ):
            return self.read(handler, body)
        kind = next((kind for kind in ACTS if handler.path.endswith(f"/{kind}/batch/read")), None)
        if kind is not None:
            return self.answer_activities(handler, json.loads(body), kind)
        return super().serve(handler, body)

    def read(self, handler, body):
        with self.lock:
            step, question = self.reads, json.loads(body)
            keys = [item["id"] for item in question["inputs"]]
            self.asked.append({"at": time.monotonic(), "keys": keys, "ok": step is None})
            emails = {key: properties.get("email") for key, _, properties in self.effects}
            results = [{"id": self.ids[key], "properties": {question["idProperty"]: key, **self.acts.get(emails[key], {}).get("properties", {})},
                        "propertiesWithHistory": self.acts.get(emails[key], {}).get("history", {})} for key in keys if key in self.ids]
        try:
            if step is not None:
                step(handler)
            else:
                handler.answer(200, {"status": "COMPLETE", "results": results})
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_act(self, kind, number, email, **properties):
        """Logs an activity of a rep on a contact, as a separate object of the CRM."""
        with self.lock:
            self.logged.setdefault(kind, {})[number] = (email, properties)
            self.acts.setdefault(email, {}).setdefault("properties", {})["notes_last_contacted"] = properties["hs_timestamp"]

    def answer_activities(self, handler, question, kind):
        """Answers with the activities of contacts, or with the properties of activities."""
        wanted = [item["id"] for item in question["inputs"]]
        with self.lock:
            logged, emails = self.logged.get(kind, {}), {self.ids[key]: properties.get("email") for key, _, properties in self.effects}
        if "/associations/" not in handler.path:
            results = [{"id": number, "properties": {name: logged[number][1].get(name) for name in question["properties"]}} for number in wanted if number in logged]
            return handler.answer(200, {"status": "COMPLETE", "results": results})
        found = {contact: [{"toObjectId": int(number)} for number, (email, _) in logged.items() if email == emails.get(contact)] for contact in wanted}
        return handler.answer(200, {"status": "COMPLETE", "results": [{"from": {"id": contact}, "to": to} for contact, to in found.items() if to]})

    def succeed(self, handler, body):
        if handler.command == "GET":
            return handler.answer(200, {"results": []})
        results, errors = [], []
        with self.lock:
            for item in json.loads(body)["inputs"]:
                if item["properties"].get("email") in self.refused:
                    errors.append({"status": "error", "category": "VALIDATION_ERROR", "message": "Property values were not valid",
                                   "context": {"objectWriteTraceId": [item["objectWriteTraceId"]], "id": [item["id"]]}})
                    continue
                self.effects.append((item["id"], item["objectWriteTraceId"], item["properties"]))
                number = self.ids.setdefault(item["id"], str(1000 + len(self.ids)))
                self.on_effect(destination="hubspot", kind="keyed", key=item["id"], version=int(item["objectWriteTraceId"].rpartition("v")[2]),
                               person=item["id"], object=number, content=item["properties"], applied=True)
                results.append({"id": number, "objectWriteTraceId": item["objectWriteTraceId"], "new": False,
                                "properties": {item["idProperty"]: item["id"]}})
        return handler.answer(207 if errors else 200, {"status": "COMPLETE", "results": results, "numErrors": len(errors), "errors": errors})

    def of(self, email):
        """The effects about one person, oldest first."""
        with self.lock:
            return [effect for effect in self.effects if effect[2].get("email") == email]

    def at_odds(self):
        """Violations: traces with two contents, and e-mail addresses under two keys."""
        with self.lock:
            contents, keys = {}, {}
            for key, trace, properties in self.effects:
                contents.setdefault(trace, set()).add(json.dumps([key, properties], sort_keys=True))
                keys.setdefault(properties.get("email"), set()).add(key)
        return [t for t, c in contents.items() if len(c) > 1] + [e for e, k in keys.items() if e and len(k) > 1]

    def repeated(self):
        """Traces (person and version) that had an effect more than once."""
        with self.lock:
            traces = [trace for _, trace, _ in self.effects]
        return sorted({t for t in traces if traces.count(t) > 1})


class Chat(Fake):
    """Accepts signed messages of the `webhook` notifier (JSON) or of the Slack notifier."""

    def succeed(self, handler, body):
        message = json.loads(body)
        data = message.get("data", {})
        recipient = data.get("recipient", {}).get("id")
        with self.lock:
            # A grouped message lists its members; each counts as delivered.
            for one in data.get("members") or [{**data, "kind": message_kind(message)}]:
                self.on_effect(destination="sales", kind="blind", key=one.get("key", ""), version=None, person=one.get("person", ""), lead=one.get("lead"),
                               content={"type": "baton." + one["kind"], "recipient": recipient}, applied=True)
        handler.answer(200, b"ok", "text/plain")

    def messages(self, kind=None):
        found = []
        for record in self.seen():
            message = json.loads(record["body"])
            message["webhook_id"] = record["headers"].get("webhook-id")
            message["ok"] = record["ok"]
            message["seen_at"] = record["at"]
            if kind is None or message_kind(message) == kind:
                found.append(message)
        return found


def message_kind(message):
    return message.get("kind") or message.get("type", "").removeprefix("baton.")


def crm_yaml(crm, mode="live", **more):
    return json.dumps({"adapter": "hubspot", "mode": mode, "settings": {"token": "${file:secrets/hubspot_token}", "base_url": crm.url},
                       "http": {"allow_private": ["127.0.0.0/8"]}, **more})


def alerts_yaml(chat, mode="live", adapter="webhook", timing=None):
    """Each message leaves alone and at once, unless `timing` (group, quiet) says otherwise."""
    settings = {"url": chat.url + "/in", "secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"}
    if adapter == "slack":
        del settings["secret"]
    return json.dumps({"language": "en", "channels": [{"name": "sales", "adapter": adapter, "mode": mode, "settings": settings,
                                                       "http": {"allow_private": ["127.0.0.0/8"]}}], "routes": [{"channel": "sales"}], **(timing or {"group": {"window": "0s"}, "quiet": {"kinds": []}})})
