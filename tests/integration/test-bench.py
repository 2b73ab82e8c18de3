#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The benchmark itself, on matrices so small that only its working is seen."""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import harness

BENCH = pathlib.Path(os.environ['WEIGHTSCOPE_RESOURCES']).parent / 'tests' / 'bench' / 'bench.py'
REASON = 'kept from this test'


class Bench(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix='weightscope-')
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        hidden = cls.folder / 'hidden'
        hidden.mkdir()
        (hidden / 'torch.py').write_text(f'raise ImportError({REASON!r})\n')
        cls.out = cls.folder / 'out'
        done = subprocess.run(
            [sys.executable, '-B', str(BENCH), os.environ['WEIGHTSCOPE_BUILD'], '--quick',
             '--shrink', '24', '--rounds', '1', '--threads', '2', '--out', str(cls.out)],
            env={**os.environ, 'WEIGHTSCOPE_BENCH_PYTHON': sys.executable,
                 'PYTHONPATH': str(hidden)},
            capture_output=True, timeout=60, check=True)
        cls.printed = done.stdout.decode()
        with open(cls.out / 'bench.csv', encoding='utf-8', newline='') as file:
            cls.rows = list(csv.DictReader(file))

    def select(self, program):
        return [row for row in self.rows if row['program'] == program]

    def test_ours_is_measured_on_every_row(self):
        self.assertEqual({row['row'] for row in self.select('ours') if float(row['seconds']) > 0},
                         {row['row'] for row in self.rows})

    def test_numpy_and_lapack_are_measured_on_every_row(self):
        for program in ('numpy', 'dgesdd', 'sgesdd'):
            self.assertEqual(len(self.select(program)), len(self.select('ours')))

    def test_our_values_are_those_of_numpy(self):
        compared = [row for row in self.select('ours') if row['wrong_ranks']]
        self.assertEqual(len(compared), 3)  # the single matrices
        for row in compared:
            self.assertEqual(row['wrong_ranks'], '0')
            self.assertLess(float(row['difference_to_float64']), 1e-13)

    def test_a_missing_peer_is_named_and_not_fatal(self):
        self.assertIn(f'- torch svdvals: {REASON}', self.printed)

    def test_what_is_printed_is_what_is_written(self):
        self.assertEqual(self.printed, (self.out / 'bench.md').read_text(encoding='utf-8') + '\n')

    def test_the_weights_are_removed(self):
        self.assertEqual({path.name for path in self.out.iterdir()}, {'bench.md', 'bench.csv'})


if __name__ == '__main__':
    harness.main()
