#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts every test case of the last `meson test` of a build folder and prints one closing line."""
import pathlib
import sys
import xml.etree.ElementTree as tree

passed = failed = skipped = 0
log = pathlib.Path(sys.argv[1], 'meson-logs', 'testlog.junit.xml')
if log.is_file():
    for case in tree.parse(log).getroot().iter('testcase'):
        kinds = {child.tag for child in case}
        if kinds & {'failure', 'error'}:
            failed += 1
        elif 'skipped' in kinds:
            skipped += 1
        else:
            passed += 1
print(f'{passed} passed, {failed} failed, {skipped} skipped')
sys.exit(1 if failed or not passed else 0)
