#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sample model in the tree is the one that its script makes, and is small.

usage: check-sample.py SOURCE_ROOT
"""
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
LIMIT = 2 * 1024 * 1024


def check(sample, fresh):
    faults = []
    made = sorted(path.name for path in fresh.iterdir())
    by_hand = {'README.md', 'make_sample.py', 'words.txt'}
    present = {path.name for path in sample.iterdir() if path.is_file()} - by_hand
    for name in sorted(present - set(made)):
        faults.append(f'{name}: nothing makes it')
    for name in made:
        if name not in present:
            faults.append(f'{name}: missing, run make_sample.py')
        elif (fresh / name).read_bytes() != (sample / name).read_bytes():
            faults.append(f'{name}: differs, run make_sample.py')
    size = sum(path.stat().st_size for path in sample.iterdir() if path.is_file())
    if size > LIMIT:
        faults.append(f'{size} bytes, the limit is {LIMIT}')
    return faults


def main():
    try:
        import numpy  # noqa: F401
    except ImportError:
        print('NumPy is not installed')
        return SKIPPED
    sample = pathlib.Path(sys.argv[1]) / 'resources' / 'sample'
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, '-B', str(sample / 'make_sample.py'), folder], check=True)
        faults = check(sample, pathlib.Path(folder))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
