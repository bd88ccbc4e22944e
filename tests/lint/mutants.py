"""The mutants of tests/faults/mutants.py change code that exists."""
import importlib.util
import os
import sys


def mutants(root):
    path = os.path.join(root, "tests", "faults", "mutants.py")
    spec = importlib.util.spec_from_file_location("fault_mutants", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    for mutant in module.MUTANTS:
        file = os.path.join(root, mutant.file)
        if not os.path.exists(file):
            yield f"tests/faults/mutants.py: \"{mutant.name}\" changes {mutant.file}, which does not exist"
            continue
        with open(file, encoding="utf-8") as source:
            found = source.read().count(mutant.old)
        if found != 1:
            yield f"{mutant.file}: contains {mutant.old!r} {found} times; \"{mutant.name}\" in tests/faults/mutants.py needs it once"
