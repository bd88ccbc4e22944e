#!/usr/bin/env python3
"""Checks the configuration shown in the documentation. usage: examples.py BATON ROOT

If a fenced YAML block begins with the comment "# policy/sla.yaml" or another file name, the script puts the block
into that file of a new configuration, which then has to pass `baton check`.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^( *)```yaml\n\s*# ((?:(?:sources|crm|policy)/)?[a-z_]+\.yaml)\b(.*?)^ *```", re.M | re.S)
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
ELSEWHERE = re.compile(r"cannot read /etc/.*\[config\.unreadable\]$")  # certificates on the reader's machine
ADDRESS = "https://example.com/hook"


def faults(baton, path, text):
    with tempfile.TemporaryDirectory() as folder:
        at = os.path.join(folder, "c")
        subprocess.run([baton, "init", at, "--source", "typeform", "--crm", "hubspot"], check=True, capture_output=True)
        with open(os.path.join(at, path), "w", encoding="utf-8") as file:
            file.write(text)
        environment = dict(os.environ, **{name: ADDRESS if name.endswith("URL") else SECRET for name in re.findall(r"\$\{env:(\w+)", text)})
        done = subprocess.run([baton, "check", at], text=True, capture_output=True, check=False, env=environment)
        findings = [line for line in done.stdout.replace(at + "/", "").splitlines() if not ELSEWHERE.search(line)]
        return "\n".join(findings) + "\n" if done.returncode and findings else ""


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    baton, root = sys.argv[1:]
    pages = [os.path.join(root, "README.md")] + sorted(glob.glob(os.path.join(root, "docs", "**", "*.md"), recursive=True))
    checked = bad = 0
    for page in pages:
        with open(page, encoding="utf-8") as file:
            blocks = BLOCK.findall(file.read())
        for indent, path, rest in blocks:
            checked += 1
            text = "#" + re.sub(rf"^{indent}", "", rest, flags=re.M)
            found = faults(baton, path, text)
            if found:
                bad += 1
                print(f"{os.path.relpath(page, root)}: {path}:\n{found}")
    print(f"examples: {checked} checked, {bad} faults")
    return 1 if bad or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
