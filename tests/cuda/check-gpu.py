#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check-gpu.py CLI: the whole program on a real GPU against itself on the processor. Exit status 77,
with a reason, where there is no GPU."""
import csv
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np

SHAPES = [(4096, 2560), (2560, 4096), (1024, 1500), (1500, 1024), (700, 700), (64, 700)]
# Of float64 both ways, with other sums and other solvers, in units of sigma_1.
TOLERANCE = 1e-9
EXACT = ('param_name', 'shape', 'actual_rank', 'svd_90_percent_rank', 'state', 'mean', 'std', 'method')


def write_model(path):
    random = np.random.default_rng(1)
    header, blobs, offset = {}, [], 0
    for index, shape in enumerate(SHAPES):
        codes = (random.standard_normal(shape).astype('<f4').view('<u4') >> 16).astype('<u2')
        header[f'model.layers.{index}.mlp.up_proj.weight'] = {
            'dtype': 'BF16', 'shape': shape, 'data_offsets': [offset, offset + codes.nbytes]}
        blobs.append(codes.tobytes())
        offset += codes.nbytes
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack('<Q', len(text)) + text + b''.join(blobs))


class Checker:
    def __init__(self, cli, folder):
        self.cli, self.folder = pathlib.Path(cli).resolve(), folder
        self.env = {**os.environ, 'LC_ALL': 'C', 'WEIGHTSCOPE_DATA': str(folder / 'data')}

    def analyze(self, device):
        """Returns: stderr, rows, spectra."""
        done = subprocess.run(
            # one thread beside the GPU, which takes a moment to begin, leaves it something to do
            [self.cli, 'analyze', 'm.safetensors', '--fresh', '--threads', '1', '--device', device,
             '--out', 'r.csv', '--spectra', 's.npz'],
            cwd=self.folder, env=self.env, capture_output=True, check=True)
        with open(self.folder / 'r.csv', newline='', encoding='utf-8') as file:
            return done.stderr.decode(), list(csv.DictReader(file)), dict(np.load(self.folder / 's.npz'))

    def compare(self, title, found, expected):
        stderr, rows, spectra = found
        print(title, [row['backend'] for row in rows], stderr.strip())
        for row, other in zip(rows, expected[1], strict=True):
            for key in EXACT:
                assert row[key] == other[key], (title, row['param_name'], key, row[key], other[key])
            sigma, reference = spectra[row['param_name']], expected[2][row['param_name']]
            assert np.abs(sigma - reference).max() <= TOLERANCE * reference[0], row['param_name']


def main(cli):
    facts = subprocess.run([cli, '--version'], capture_output=True, text=True, check=True).stdout
    if 'GPU 0: ' not in facts:
        print(f'skipped: {facts.strip().splitlines()[-1]}')
        return 77
    with tempfile.TemporaryDirectory(prefix='weightscope-') as name:
        folder = pathlib.Path(name)
        write_model(folder / 'm.safetensors')
        checker = Checker(cli, folder)
        expected = checker.analyze('cpu')
        found = checker.analyze('cuda')
        checker.compare('with the GPU:', found, expected)
        backends = [row['backend'] for row in found[1]]
        assert 'cuda' in backends and 'processor' not in found[0], (backends, found[0])
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
