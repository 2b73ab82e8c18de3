#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Appends BF16 matrices to a file: Gaussian, with a decaying spectrum on top.

usage: weights.py FILE SEED < SHAPES, a JSON list of [rows, columns]

Of each shape 16 different ones are made, then they repeat."""
import json
import os
import sys

import numpy

N_DIFFERENT = 16
BLOCK_ROWS = 4096


def to_bf16(values):
    bits = values.view(numpy.uint32)
    return ((bits + 0x7fff + (bits >> 16 & 1)) >> 16).astype('<u2')


def make_matrix(random, n_rows, n_cols):
    rank = max(min(n_rows, n_cols) // 8, 1)
    scale = (0.1 / numpy.arange(1, rank + 1)).astype(numpy.float32)
    right = random.standard_normal((rank, n_cols), dtype=numpy.float32)
    blocks = []
    for start in range(0, n_rows, BLOCK_ROWS):
        n = min(BLOCK_ROWS, n_rows - start)
        left = random.standard_normal((n, rank), dtype=numpy.float32) * scale
        noise = random.standard_normal((n, n_cols), dtype=numpy.float32)
        blocks.append(to_bf16(left @ right + numpy.float32(0.02) * noise))
    return blocks


def main(path, seed):
    random = numpy.random.default_rng(int(seed))
    made = {}
    with open(path, 'ab') as file:
        for shape in json.load(sys.stdin):
            same = made.setdefault(tuple(shape), [])
            if len(same) < N_DIFFERENT:
                same.append(make_matrix(random, *shape))
            else:
                same.append(same.pop(0))
            for block in same[-1]:
                block.tofile(file)
        file.flush()
        os.fsync(file.fileno())  # not while something is measured


if __name__ == '__main__':
    main(*sys.argv[1:])
