#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The memory limit is that of the process, but for the program itself and its libraries."""
import os

import numpy as np

import harness

MIB = 1 << 20
LIMIT = 128 * MIB
# The program, its libraries and what the system holds for them.
ALLOWANCE = 64 * MIB


def make_codes(shape, seed):
    """BF16 codes of normal numbers: the upper half of float32."""
    values = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
    return (values.view(np.uint32) >> 16).astype('<u2')


class Memory(harness.CliTest):
    """The proportions of a layer of 8 billion parameters and a tenth of its embedding, at 3/8 of
    the width: with 128 MiB, what needs 8 p^2 bytes leaves room for two at a time, not for more."""

    SHAPES = {'model.embed_tokens.weight': (20000, 1536),
              'model.layers.0.mlp.gate_proj.weight': (5376, 1536),
              'model.layers.0.mlp.down_proj.weight': (1536, 5376),
              'model.layers.0.self_attn.q_proj.weight': (1536, 1536),
              'model.layers.0.self_attn.o_proj.weight': (1536, 1536),
              'model.layers.0.self_attn.k_proj.weight': (384, 1536)}

    def setUp(self):
        super().setUp()
        harness.write_safetensors(self.folder / 'm.safetensors', {
            name: ('BF16', make_codes(shape, seed))
            for seed, (name, shape) in enumerate(self.SHAPES.items())})

    def run_and_weigh(self, *arguments):
        """The most bytes that were resident."""
        command = [harness.CLI, 'analyze', 'm.safetensors', '--out', 'm.csv', '--device', 'cpu',
                   *arguments]
        with open(os.devnull, 'wb') as nowhere:
            pid = os.fork()
            if pid == 0:
                os.chdir(self.folder)
                os.dup2(nowhere.fileno(), 2)
                os.execve(command[0], command, self.env)
        _, status, usage = os.wait4(pid, 0)
        self.assertEqual(status, 0)
        return usage.ru_maxrss * 1024

    def test_peak_stays_within_the_limit(self):
        peak = self.run_and_weigh('--threads', '4', '--memory-limit', str(LIMIT))
        self.assertLess(peak, LIMIT + ALLOWANCE)
        rows = self.rows((self.folder / 'm.csv').read_text(encoding='utf-8'))
        self.assertEqual({row['state'] for row in rows}, {'ok'})
        print(f'# {peak / MIB:.0f} MiB resident with a limit of {LIMIT // MIB} MiB', flush=True)


if __name__ == '__main__':
    harness.main()
