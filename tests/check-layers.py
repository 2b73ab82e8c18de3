#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which room of the tree may include which. Exit status 1 names every include that breaks the rule."""
import pathlib
import re
import sys

ALLOWED = {
    'base': set(),
    'model': {'base'},
    'matrix': {'base', 'model'},
    'spectra': {'base', 'model', 'matrix'},
    'cuda': {'base', 'model', 'matrix', 'spectra'},
    'cluster': {'base', 'model', 'matrix', 'spectra'},
    'hub': {'base'},
    'chart': {'base', 'spectra', 'matrix', 'model', 'cluster'},
    'analysis': {'base', 'model', 'matrix', 'spectra', 'cluster', 'cuda', 'hub'},
    'export': {'base', 'model', 'matrix', 'spectra', 'cluster', 'hub', 'analysis', 'chart'},
}
ALLOWED['cli'] = ALLOWED['ui'] = set(ALLOWED)
TOOLKIT = re.compile(r'#\s*include\s+<(gtk|gdk|gsk|graphene)')
INCLUDE = re.compile(r'#\s*include\s+"([^"]+)"')
LIMIT = 700


def check(root):
    faults = []
    for path in sorted([*root.glob('src/**/*.[ch]'), *root.glob('ui/*.[ch]'),
                        *root.glob('tests/**/*.[ch]')]):
        name = path.relative_to(root)
        lines = path.read_text(encoding='utf-8').splitlines()
        if len(lines) > LIMIT:
            faults.append(f'{name}: {len(lines)} lines, the ceiling is {LIMIT}')
        if name.parts[0] == 'tests':
            continue
        room = 'ui' if name.parts[0] == 'ui' else name.parts[1]
        if room not in ALLOWED:
            faults.append(f"{name}: '{room}' is no room of the plan; add it to tests/check-layers.py")
            continue
        for number, line in enumerate(lines, 1):
            if room != 'ui' and TOOLKIT.search(line):
                faults.append(f'{name}:{number}: only ui/ includes GTK')
            match = INCLUDE.search(line)
            if not match:
                continue
            target = match.group(1).split('/')
            if len(target) == 1:
                if room != 'ui' and match.group(1) != 'config.h':
                    faults.append(f'{name}:{number}: includes are rooted at src/, not "{match.group(1)}"')
            elif target[0] != room and target[0] not in ALLOWED[room]:
                faults.append(f"{name}:{number}: '{room}' may not include '{match.group(1)}'")
    return faults


if __name__ == '__main__':
    found = check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else '.'))
    for fault in found:
        print(fault)
    sys.exit(1 if found else 0)
