"""A CRM that takes tasks as HubSpot does: made by POST, found by a property with unique values, changed by PATCH."""
import json
import urllib.parse

import fakes

KEY = "baton_task_key"


def done_unanswered(fake, then):
    """The call has its effect, and the step `then` in place of an answer."""
    def step(handler):
        fake.tell(handler, handler.body, answer=False)
        then(handler)
    return step


class Crm(fakes.Crm):
    """`tasks` by number: properties, and the contact it hangs on. `task_script` holds steps for the next calls about
    tasks, as `script` does for the others; `task_calls` remembers them all as (method, path)."""

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
                self.tell(handler, body)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def tell(self, handler, body, answer=True):
        status, said = self.do(handler.command, handler.path, json.loads(body) if body else {})
        if answer:
            handler.answer(status, said)

    def do(self, method, path, asked):
        tail = urllib.parse.unquote(path.partition("/tasks")[2].partition("?")[0].lstrip("/"))
        with self.lock:
            if method == "POST":
                return self.make(asked)
            number = tail if method == "PATCH" else next((n for n, task in self.tasks.items() if task["properties"][KEY] == tail), None)
            if number not in self.tasks:
                return 404, {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Object not found"}
            self.tasks[number]["properties"].update(asked.get("properties", {}))
            if method == "PATCH":
                self.happened(number)
            return 200, {"id": number, "properties": self.tasks[number]["properties"]}

    def make(self, asked):
        contact = asked["associations"][0]["to"]["id"]
        assert contact in self.ids.values(), "a task hangs on a contact that is there"
        assert asked["associations"][0]["types"] == [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}]
        number = str(9000 + len(self.tasks))
        # The account's property may have lost its unique values: a second one would stand there, and be seen.
        self.tasks[number] = {"properties": dict(asked["properties"]), "contact": contact}
        self.happened(number)
        return 201, {"id": number, "properties": asked["properties"]}

    def happened(self, number):
        told = self.tasks[number]["properties"]
        self.on_effect(destination="hubspot", kind="readable", key=told[KEY], version=None, person=told[KEY].partition(".")[0], object=number,
                       content={"status": told["hs_task_status"], "owner": told.get("hubspot_owner_id")}, applied=True)

    def tasks_of(self, kind):
        """(status, owner) of the tasks whose subject begins so, oldest first."""
        with self.lock:
            return [(t["properties"]["hs_task_status"], t["properties"].get("hubspot_owner_id")) for t in self.tasks.values()
                    if t["properties"]["hs_task_subject"].startswith(kind)]

    def keys_made_twice(self):
        with self.lock:
            keys = [task["properties"][KEY] for task in self.tasks.values()]
        return sorted({key for key in keys if keys.count(key) > 1})
