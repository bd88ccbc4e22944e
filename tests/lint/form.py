"""The form of the sources: clang-format 14 with .clang-format changes no file."""
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

VERSION = 14
FILES_A_CALL = 40
FOLDERS = ("mapping", "adapters", "webhooks", "gateway", "tests")
FAULT = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning): code should be clang-formatted", re.M)


def formatter():
    """The program of the right version, or None."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        if shutil.which(name) is None:
            continue
        said = subprocess.run([name, "--version"], text=True, capture_output=True, check=False).stdout
        if re.search(rf"version {VERSION}\.", said):
            return name
    return None


def sources(root):
    for folder in FOLDERS:
        for at, names, found in os.walk(os.path.join(root, folder)):
            names[:] = sorted(name for name in names if name not in ("build", "__pycache__", "node_modules"))
            yield from (os.path.relpath(os.path.join(at, name), root) for name in sorted(found) if name.endswith((".h", ".cpp")))


def form(root):
    program = formatter()
    if program is None:
        yield f"clang-format {VERSION} is missing; run deploy/deps/install --with-tests"
        return
    paths = list(sources(root))

    def check(part):
        done = subprocess.run([program, "--dry-run", "-Werror", "--style=file", *part], cwd=root, text=True, capture_output=True, check=False)
        faults = FAULT.findall(done.stderr)
        return faults or ([(part[0], done.stderr.strip())] if done.returncode else [])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(check, [paths[i:i + FILES_A_CALL] for i in range(0, len(paths), FILES_A_CALL)])
    lines = {}
    for path, line in (fault for faults in results for fault in faults):
        lines.setdefault(path, line)
    for path, line in sorted(lines.items()):
        yield f"{path}:{line}: is not formatted; run {program} -i {path}"
