"""Makes the configuration fixture of a version and records the findings of its binary.

    BATON_BINARY=path/to/baton python3 -B tests/compat/make_config.py 0.1.0-2026-11-22

Below fixtures/config/<name>: init_* (what `baton init` writes), every_key (written by hand: each key of each schema, which
keys.json proves), invalid.json (faults for copies of it), schema/ (that version's), findings.json. This script needs
PyYAML; the test does not.
"""
from __future__ import annotations

import hashlib
import json
import pathlib
import re
import shutil
import sys
import tempfile
from typing import Any

import yaml

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# pylint: disable=wrong-import-position
import stage  # first: it says where the rigs are
from invalid import FOLDERS
from checks import findings
from make_fixture import FIXTURES
from rig import ROOT, baton
from schema_keys import Keys

SOURCES = ("typeform", "hubspot", "calendly", "standard_webhooks")
INITS = {f"init_{lang}_{crm}": ("--lang", lang, "--crm", crm, *(word for name in SOURCES for word in ("--source", name))) for lang in ("en", "de") for crm in ("hubspot", "rest")}
INITS["init_plain"] = ()
INITS["init_vienna"] = ("--calendar", "AT", "--source", "calendly")
FILES = {"baton": "baton.yaml", "alerts": "alerts.yaml", "crm": "adapters/crm/*.yaml", "notify": "adapters/notify/*.yaml", "source": "adapters/sources/*.yaml", "crm_config": "crm/*.yaml",
         "source_config": "sources/*.yaml", **{name: f"policy/{name}.yaml" for name in ("calendars", "lifecycle", "routing", "scoring", "sla")}}


class Yaml12(yaml.SafeLoader):
    """Reads `on`, `no` and the like as text, as the gateway does."""


Yaml12.yaml_implicit_resolvers = {first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
                                  for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def read_yaml(text: str) -> Any:
    return yaml.load(text, Yaml12)


def make_inits(target: pathlib.Path) -> None:
    for name, words in INITS.items():
        folder = target / name
        shutil.rmtree(folder, ignore_errors=True)
        code, _, complaint = baton("init", folder, *words)
        assert code == 0, complaint
        for secret in (folder / "secrets").iterdir():
            text = secret.read_text(encoding="ascii")
            kept = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\n" if text.startswith("whsec_") else hashlib.sha256(f"{name} {secret.name}".encode()).hexdigest()[:48] + "\n"
            secret.write_text(kept, encoding="ascii")


def note_keys(target: pathlib.Path) -> None:
    """Records the keys that every_key uses, and the hashes of its files."""
    folder, noted = target / "every_key", {}
    for kind, pattern in FILES.items():
        keys = Keys(json.loads((target / "schema" / f"{kind}.json").read_text(encoding="utf-8")))
        files = sorted(folder.glob(pattern))
        for file in files:
            keys.use(read_yaml(file.read_text(encoding="utf-8")))
        assert not keys.missing, f"every_key has no {kind} {keys.missing}"
        noted[kind] = {"keys": sorted(keys.used), "files": {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}}
    (target / "keys.json").write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")


def note_findings(target: pathlib.Path) -> None:
    noted: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="bt-") as name:
        kept = {folder.name for folder in target.iterdir() if folder.is_dir()} - {"schema"}
        for folder in sorted(kept | set(FOLDERS)):
            noted[folder] = findings(pathlib.Path(name), target, folder)
    (target / "findings.json").write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")
    for name, found in noted.items():
        print(name, found["exit"], len(found["findings"]))
    print(len({one["code"] for found in noted.values() for one in found["findings"]}), "codes")


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    target = FIXTURES / "config" / sys.argv[1]
    shutil.rmtree(target / "schema", ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "reference" / "schema", target / "schema")
    make_inits(target)
    (target / "invalid.json").write_text(json.dumps(FOLDERS, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    note_keys(target)
    note_findings(target)
    print("by", stage.version())
    return 0


if __name__ == "__main__":
    sys.exit(main())
