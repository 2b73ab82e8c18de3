#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The choice of the device and what is told of it, with stand-ins for the libraries of CUDA
(tests/cuda/standin.h). Whatever the GPU does, the numbers are the processor's."""
import json
import os
import pathlib

import numpy as np

import harness

STANDINS = pathlib.Path(os.environ['WEIGHTSCOPE_STANDINS'])
# The GPU takes matrices from a short side of a few hundred.
SIDE = 640
COUNT = 4
# Float64 both ways, other solvers: some units in the last place of sigma_1.
TOLERANCE = 1e-12


class Device(harness.CliTest):
    @classmethod
    def setUpClass(cls):
        random = np.random.default_rng(7)
        cls.matrices = {f'model.layers.{i}.self_attn.q_proj.weight':
                        ('F32', random.standard_normal((SIDE + 16 * i, SIDE)))
                        for i in range(COUNT)}
        cls.sigma = {name: np.linalg.svd(np.float64(np.float32(values)), compute_uv=False)
                     for name, (_, values) in cls.matrices.items()}

    def setUp(self):
        super().setUp()
        harness.write_safetensors(self.folder / 'm.safetensors', self.matrices)

    def analyze(self, *options, faults='', version=13, **env):
        """Runs it with a stand-in GPU that fails as told. Returns: stderr, record, rows."""
        # One thread beside it: whatever else this machine does, the GPU gets its share.
        done = self.cli('analyze', 'm.safetensors', '--out', 'r.json', '--spectra', 's.npz',
                        '--fresh', '--threads', '1', *options,
                        WEIGHTSCOPE_CUDA_PATH=str(STANDINS / str(version)),
                        WEIGHTSCOPE_STANDIN_FAULTS=faults, **env)
        found = np.load(self.folder / 's.npz')
        for name, sigma in self.sigma.items():
            self.assertLess(np.abs(found[name] - sigma).max(), TOLERANCE * sigma[0], faults)
        results = json.loads((self.folder / 'r.json').read_text(encoding='utf-8'))
        return done.stderr, results['record'], results['tensors']

    def backends(self, rows):
        return {row['backend'] for row in rows}

    def test_gpu_is_taken_by_itself(self):
        for version in (12, 13):
            stderr, record, rows = self.analyze(version=version)
            self.assertEqual(stderr, '')
            self.assertIn('cuda', self.backends(rows))
            self.assertEqual((record['device'], record['device_note']), ('Stand-in 0', None))

    def test_gpu_is_taken_by_number(self):
        _, record, rows = self.analyze('--device', 'cuda:1', faults='devices=2')
        self.assertEqual(record['device'], 'Stand-in 1')
        self.assertIn('cuda', self.backends(rows))

    def test_processor_can_be_asked_for(self):
        for words in (('--device', 'cpu'), ('--no-gpu',)):
            stderr, record, rows = self.analyze(*words)
            self.assertEqual(stderr, '')
            self.assertEqual(self.backends(rows), {'cpu'})
            self.assertEqual((record['device'], record['device_note']), ('cpu', None))

    def test_number_that_is_not_there_is_told(self):
        stderr, record, rows = self.analyze('--device', 'cuda:3')
        self.assertIn('processor', stderr)
        self.assertEqual(self.backends(rows), {'cpu'})
        self.assertNotEqual(record['device_note'], None)

    def test_gpu_that_cannot_be_had_is_told(self):
        for faults, word in (('retain=46', 'busy'), ('init=34', 'stub'), ('devices=0', 'no GPU')):
            stderr, record, rows = self.analyze('--device', 'cuda', faults=faults)
            self.assertIn(word, stderr)
            self.assertEqual(len(stderr.splitlines()), 1)
            self.assertIn(word, record['device_note'])
            self.assertEqual(self.backends(rows), {'cpu'})

    def test_record_is_never_translated(self):
        for faults in ('retain=46', 'init=34', 'devices=0', 'sticky=1'):
            records = [self.analyze(faults=faults, LANGUAGE=language)[1]
                       for language in ('en', '')]
            self.assertEqual(*[(record['device'], record['device_note']) for record in records])

    def test_no_gpu_is_nothing_to_complain_of(self):
        stderr, _, rows = self.analyze(faults='devices=0')
        self.assertEqual(stderr, '')
        self.assertEqual(self.backends(rows), {'cpu'})

    def test_what_the_gpu_left_is_counted(self):
        for faults in ('solve=1', 'scale=1', 'nan=1'):
            stderr, _, rows = self.analyze(faults=faults)
            self.assertIn('1 matrix', stderr, faults)
            self.assertIn('processor', stderr)
            self.assertIn('cpu', self.backends(rows))
            stderr, _, _ = self.analyze('--quiet', faults=faults)
            self.assertEqual(stderr, '')

    def test_gpu_that_stops_is_told_and_left_alone(self):
        stderr, record, rows = self.analyze(faults='sticky=1')
        self.assertIn('the GPU stopped', stderr)
        self.assertIn('the GPU stopped', record['device_note'])
        self.assertEqual(self.backends(rows), {'cpu'})

    def test_version_names_libraries_and_gpu(self):
        for version in (12, 13):
            facts = self.cli('--version', WEIGHTSCOPE_CUDA_PATH=str(STANDINS / str(version))).stdout
            for word in ('BLAS: ', 'CUDA: ', 'Stand-in 0', f'CUDA {version}'):
                self.assertIn(word, facts)

    def test_version_does_not_wait_for_a_driver_that_is_broken(self):
        for faults in ('init=999', 'retain=2', 'ptx=218', 'devices=0'):
            facts = self.cli('--version', WEIGHTSCOPE_CUDA_PATH=str(STANDINS / '13'),
                             WEIGHTSCOPE_STANDIN_FAULTS=faults).stdout
            self.assertIn('CUDA: ', facts, faults)


if __name__ == '__main__':
    harness.main()
