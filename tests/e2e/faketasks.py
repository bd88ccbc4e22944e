"""A CRM with tasks like HubSpot's: POST creates, GET finds by a property with unique values, PATCH changes."""
import json
import urllib.parse

import fakes

KEY = "baton_task_key"


def done_without_answer(fake, then):
    """Performs the call, then runs the step `then` instead of an answer."""
    def step(handler):
        fake.answer_task(handler, handler.body, answer=False)
        then(handler)
    return step


class Crm(fakes.Crm):
    """`tasks` by number: the properties and the contact of each. `task_script` holds steps for the next calls about
    tasks, as `script` does for other calls. `task_calls` remembers them all as (method, path)."""

    def __init__(self, case):
        super().__init__(case)
        self.tasks, self.task_calls, self.task_script = {}, [], []

    def serve(self, handler, body):
        if "/tasks" not in handler.path:
            return super().serve(handler, body)
        with self.lock:
            self.task_calls.append((handler.command, handler.path))
            step = self.task_script.pop(0) if self.task_script else None
        handler.body = body
        try:
            if step is not None:
                step(handler)
            else:
                self.answer_task(handler, body)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answer_task(self, handler, body, answer=True):
        status, said = self.do(handler.command, handler.path, json.loads(body) if body else {})
        if answer:
            handler.answer(status, said)

    def do(self, method, path, asked):
        tail = urllib.parse.unquote(path.partition("/tasks")[2].partition("?")[0].lstrip("/"))
        with self.lock:
            if method == "POST":
                return self.create(asked)
            number = tail if method == "PATCH" else next((n for n, task in self.tasks.items() if task["properties"][KEY] == tail), None)
            if number not in self.tasks:
                return 404, {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Object not found"}
            self.tasks[number]["properties"].update(asked.get("properties", {}))
            if method == "PATCH":
                self.happened(number)
            return 200, {"id": number, "properties": self.tasks[number]["properties"]}

    def create(self, asked):
        contact = asked["associations"][0]["to"]["id"]
        assert contact in self.ids.values(), "the contact of a task exists"
        assert asked["associations"][0]["types"] == [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}]
        number = str(9000 + len(self.tasks))
        # Like an account whose property is not unique, this creates a second task for a known key, so that tests notice.
        self.tasks[number] = {"properties": dict(asked["properties"]), "contact": contact}
        self.happened(number)
        return 201, {"id": number, "properties": asked["properties"]}

    def happened(self, number):
        properties = self.tasks[number]["properties"]
        self.on_effect(destination="hubspot", kind="readable", key=properties[KEY], version=None, person=properties[KEY].partition(".")[0], object=number,
                       content={"status": properties["hs_task_status"], "owner": properties.get("hubspot_owner_id")}, applied=True)

    def tasks_of(self, kind):
        """(status, owner) of the tasks whose subject begins with `kind`, oldest first."""
        with self.lock:
            return [(t["properties"]["hs_task_status"], t["properties"].get("hubspot_owner_id")) for t in self.tasks.values()
                    if t["properties"]["hs_task_subject"].startswith(kind)]

    def keys_created_twice(self):
        with self.lock:
            keys = [task["properties"][KEY] for task in self.tasks.values()]
        return sorted({key for key in keys if keys.count(key) > 1})
