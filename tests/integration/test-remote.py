#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Models on the Hub of the tests, looked into without downloading them."""
import json
import math
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys

import harness

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'hub'))
from server import Server  # tests/hub is not a package
from protocol import TOKENS

MB = 1_000_000


class Remote(harness.CliTest):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        super().setUp()
        self.server.reset()
        for name in [name for name in self.env if name.startswith(('HF_', 'HUGGING'))]:
            del self.env[name]
        self.env.update(HF_ENDPOINT=self.server.urls['hub'], HF_HOME=str(self.folder / 'home'))

    def count(self, listener, what):
        return self.server.counters.snapshot()['listeners'].get(listener, {}).get(what, 0)

    def local_copy(self, model):
        """The model in a plain folder; what it cost is not counted."""
        folder = self.folder / 'copy'
        self.cli('download', model, '--out', folder)
        self.server.counters.clear()
        return folder

    def test_three_shards_are_three_reads(self):
        first = self.cli('inspect', 'hf:org/sharded', '--format', 'csv')
        self.assertEqual(self.count('cdn', 'requests'), 3)
        self.assertLess(self.count('cdn', 'bytes') + self.count('hub', 'bytes'), 5 * MB)
        self.assertIn('from the Hub', first.stderr)
        self.server.counters.clear()
        second = self.cli('inspect', 'hf:org/sharded', '--format', 'csv')
        self.assertEqual(second.stdout, first.stdout)
        self.assertEqual(self.count('cdn', 'requests'), 0)
        self.assertEqual(self.count('hub', 'requests'), 1)  # whether main has moved

    def test_tensors_are_those_of_the_copy(self):
        folder = self.local_copy('org/sharded')
        local = self.cli('inspect', folder, '--format', 'csv').stdout
        self.assertEqual(self.cli('inspect', 'hf:org/sharded', '--format', 'csv').stdout, local)

    def test_what_was_seen_opens_without_a_network(self):
        first = self.cli('inspect', 'hf:org/sharded', '--format', 'csv').stdout
        self.server.counters.clear()
        second = self.cli('inspect', 'hf:org/sharded', '--format', 'csv', '--no-network')
        self.assertEqual(second.stdout, first)
        self.assertRegex(second.stderr, r'as it was on \d{4}-\d\d-\d\d\.')
        self.assertEqual(self.count('hub', 'requests'), 0)
        unseen = self.cli('inspect', 'hf:org/single', '--no-network', status=1)
        self.assertIn("'org/single' is not on this machine; no connection", unseen.stderr)

    def test_hub_that_fails_is_remembered(self):
        first = self.cli('inspect', 'hf:org/single', '--format', 'csv').stdout
        self.server.faults.add('portal', times=0)
        second = self.cli('inspect', 'hf:org/single', '--format', 'csv')
        self.assertEqual(second.stdout, first)
        self.assertIn('as it was on', second.stderr)

    def test_results_are_those_of_the_copy(self):
        folder = self.local_copy('org/sharded')
        local = self.rows(self.cli('analyze', folder, '--format', 'csv').stdout)
        remote = self.rows(self.cli('analyze', 'hf:org/sharded', '--format', 'csv').stdout)
        commit = self.server.protocol.repositories['org/sharded'].branches['main']
        self.assertEqual(len(local), len(remote))
        for here, there in zip(local, remote):
            self.assertEqual(there['model_id'], 'org/sharded')
            self.assertEqual(there['revision'], commit)
            self.assertEqual(there['model_path'], f'hf:org/sharded@{commit}')
            for name in ('model_path', 'model_id', 'revision', 'created_at'):
                here.pop(name), there.pop(name)
            self.assertEqual(here, there)
        self.assertEqual(self.server.counters.snapshot()['tokens_leaked'], 0)

    def test_second_analysis_costs_nothing(self):
        first = self.cli('analyze', 'hf:org/sharded', '--format', 'csv').stdout
        self.assertLess(self.count('cdn', 'bytes'), 1.01 * 36 * 2**20 + 3 * 2**17)
        self.server.counters.clear()
        second = self.cli('analyze', 'hf:org/sharded', '--format', 'csv', '--no-network').stdout
        self.assertEqual(len(self.rows(first)), len(self.rows(second)))
        self.assertEqual(self.count('cdn', 'requests'), 0)
        self.assertEqual(self.count('hub', 'requests'), 0)

    def test_matrix_costs_its_bytes_whatever_its_form(self):
        for number, shape in enumerate(([24000, 256], [256, 24000], [12000, 512], [2000, 3000])):
            name = f'org/form-{number}'
            tensor = 'model.layers.0.mlp.up_proj.weight'
            other = 'model.layers.0.mlp.gate_proj.weight'
            self.server.protocol.add({'id': name, 'files': {'model.safetensors': {
                'tensors': {other: ['BF16', [4000, 1000]], tensor: ['BF16', shape]}}}})
            self.server.counters.clear()
            for limit in ('200M', '4G'):
                self.server.counters.clear()
                self.cli('analyze', f'hf:{name}', '--filter', tensor, '--format', 'csv', '--fresh',
                         '--memory-limit', limit)
                n_bytes = 2 * shape[0] * shape[1]
                with self.subTest(shape=shape, limit=limit):
                    self.assertLessEqual(self.count('cdn', 'bytes'), 1.01 * n_bytes + 2**17)

    def add_wide_types(self, with_small_side=True):
        """Matrices whose statistics take several passes, all longer than what is read ahead of them
        may take of 200 MB; and their bytes together."""
        tensors = {}
        for layer in range(2):
            for name, dtype, shape in (('up_proj', 'F32', [30000, 256]), ('down_proj', 'F32', [256, 30000]),
                                       ('gate_proj', 'F64', [20000, 192]), ('q_proj', 'BF16', [200000, 80])):
                tensors[f'model.layers.{layer}.mlp.{name}.weight'] = [dtype, shape]
        tensors['model.norm.weight'] = ['F32', [7000000]]
        if not with_small_side:
            tensors = {name: form for name, form in tensors.items() if 'q_proj' not in name}
        self.server.protocol.add({'id': 'org/wide-types',
                                  'files': {'model.safetensors': {'tensors': tensors}}})
        widths = {'BF16': 2, 'F32': 4, 'F64': 8}
        return sum(widths[dtype] * math.prod(shape) for dtype, shape in tensors.values())

    def test_bytes_that_are_read_again_are_fetched_once(self):
        n_bytes = self.add_wide_types()
        folder = self.local_copy('org/wide-types')
        arguments = ('--format', 'csv', '--memory-limit', '200M')
        local = self.rows(self.cli('analyze', folder, *arguments).stdout)
        shutil.rmtree(self.folder / 'home', ignore_errors=True)
        if shutil.disk_usage(self.folder).free < 2**30 + n_bytes:
            self.skipTest('the disk has no room')
        done = self.cli('analyze', 'hf:org/wide-types', *arguments, '--max-traffic', str(n_bytes))
        self.assertNotIn('fetched again', done.stderr)
        self.assertGreaterEqual(self.count('cdn', 'bytes'), n_bytes)
        self.assertLessEqual(self.count('cdn', 'bytes'), 1.01 * n_bytes)
        for here, there in zip(local, self.rows(done.stdout), strict=True):
            for name in ('model_path', 'model_id', 'revision', 'created_at'):
                here.pop(name), there.pop(name)
            self.assertEqual(here, there)
        # nothing of it is left
        self.assertFalse((self.folder / 'home').exists())

    def test_disk_without_room_is_told_and_costs_what_was_said(self):
        # with a small side the numbers decide whether another pass is needed
        n_bytes = self.add_wide_types(with_small_side=False)
        self.cli('inspect', 'hf:org/wide-types', '--format', 'csv')
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        arguments = ('analyze', 'hf:org/wide-types', '--format', 'csv', '--memory-limit', '200M',
                     '--threads', '1')
        # a limit on the size of files stands for the full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (16 * MB, before[1]))
        try:
            refused = self.cli(*arguments, '--max-traffic', '1M', status=1).stderr
            self.server.counters.clear()
            done = self.cli(*arguments)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        said = float(re.search(r'would read ([\d.]+)\sMB', refused)[1]) * MB
        self.assertRegex(done.stderr, r'MB of what is read from the Hub have to be fetched again')
        # what is still in memory is not fetched again
        self.assertGreater(self.count('cdn', 'bytes'), 1.01 * n_bytes)
        self.assertLess(self.count('cdn', 'bytes'), 1.01 * said)

    def test_killed_run_leaves_no_file(self):
        n_bytes = self.add_wide_types()
        if shutil.disk_usage(self.folder).free < 2**30 + n_bytes:
            self.skipTest('the disk has no room')
        self.cli('inspect', 'hf:org/wide-types', '--format', 'csv')
        before = sorted(self.folder.rglob('*'))
        self.server.set(cdn_rate=4_000_000)
        run = subprocess.Popen([harness.CLI, 'analyze', 'hf:org/wide-types', '--memory-limit', '200M'],
                               cwd=self.folder, env=self.env, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        try:
            while not self.has_bytes_on_disk(run):
                self.assertIsNone(run.poll(), 'it ended before it had anything on the disk')
        finally:
            run.kill()
            run.wait()
        left = {path.name for path in set(self.folder.rglob('*')) - set(before)}
        self.assertLessEqual(left, {'results.sqlite', 'results.sqlite-wal', 'results.sqlite-shm'})

    def has_bytes_on_disk(self, run):
        """In a file without a name."""
        for link in pathlib.Path(f'/proc/{run.pid}/fd').iterdir():
            try:
                if os.readlink(link).endswith('(deleted)') and link.stat().st_blocks > 0:
                    return True
            except FileNotFoundError:  # closed meanwhile
                pass
        return False

    def test_vocabulary_lies_beside_the_weights(self):
        vocabulary = {f'Ġtoken{number}': number for number in range(20000)}
        tensors = {'model.embed_tokens.weight': ['F32', [200, 32]]}
        self.server.protocol.add({'id': 'org/words', 'files': {
            'model.safetensors': {'tensors': tensors},
            'tokenizer.json': json.dumps({'model': {'type': 'BPE', 'vocab': vocabulary}})}})
        self.server.protocol.add({'id': 'org/wordless',
                                  'files': {'model.safetensors': {'tensors': tensors}}})
        for env in (self.env, {**self.env, 'HF_HUB_OFFLINE': '1'}):  # what was seen is kept
            done = subprocess.run([os.environ['DUMP_TOKENIZER'], 'hf:org/words'], env=env,
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            lines = done.stdout.decode().splitlines()
            self.assertEqual(len(lines), 20001)
            self.assertEqual(lines[20000].split('\t')[4], 'Ġtoken19999')
        done = subprocess.run([os.environ['DUMP_TOKENIZER'], 'hf:org/wordless'], env=self.env,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"there is no vocabulary in 'hf:org/wordless@", done.stderr)

    def test_clusters_are_those_of_the_copy_and_cost_their_matrix(self):
        """A second time they cost no weights at all."""
        self.server.protocol.add({'id': 'org/words', 'files': {
            'vocab.txt': ''.join(f'word{i}\n' for i in range(6000)),
            'model.safetensors': {'tensors': {'model.embed_tokens.weight': ['F32', [6000, 64]],
                                              'lm_head.weight': ['F32', [6000, 64]]}}}})
        copy = self.local_copy('org/words')
        arguments = ('--max-k', '4')
        self.cli('cluster', copy, *arguments, '--out', 'here')
        self.server.counters.clear()
        done = self.cli('cluster', 'hf:org/words', *arguments, '--out', 'there')
        self.assertIn('from the Hub', done.stderr)
        self.assertLessEqual(self.count('cdn', 'bytes'), 1.01 * 4 * 6000 * 64 + 2**17)
        for name in ('tokens.csv', 'embedding_clusters_summary.csv', 'centroids.npy'):
            self.assertEqual((self.folder / 'here' / name).read_bytes(),
                             (self.folder / 'there' / name).read_bytes(), name)
        self.server.counters.clear()
        self.cli('cluster', 'hf:org/words', *arguments, '--out', 'again')
        self.assertEqual(self.count('cdn', 'requests'), 0)
        self.assertEqual((self.folder / 'there' / 'tokens.csv').read_bytes(),
                         (self.folder / 'again' / 'tokens.csv').read_bytes())
        done = self.cli('cluster', 'hf:org/words', '--fresh', '--max-traffic', '1M', status=1)
        self.assertIn("'model.embed_tokens.weight'", done.stderr)
        self.assertLess(self.count('cdn', 'bytes'), MB)

    def test_file_that_was_downloaded_is_read_here(self):
        self.cli('download', 'org/sharded')
        self.server.counters.clear()
        done = self.cli('analyze', 'hf:org/sharded', '--format', 'csv')
        self.assertNotEqual(self.rows(done.stdout), [])
        self.assertEqual(self.count('cdn', 'requests'), 0)

    def test_download_opens_without_a_network(self):
        folder = self.cli('download', 'org/sharded').stdout.strip()
        for arguments in ((), ('--revision', 'main')):
            done = self.cli('inspect', 'hf:org/sharded', '--no-network', '--format', 'csv', *arguments)
            self.assertEqual(done.stdout, self.cli('inspect', folder, '--format', 'csv').stdout)

    def test_traffic_can_be_limited(self):
        done = self.cli('analyze', 'hf:org/matrix', '--max-traffic', '1M', status=1)
        self.assertIn('--max-traffic', done.stderr)
        self.assertLess(self.count('cdn', 'bytes'), 2 * MB)
        self.cli('analyze', 'hf:org/matrix', '--filter', 'k_proj', '--max-traffic', '5M',
                 '--format', 'csv')

    def test_renamed_model_tells_its_name(self):
        done = self.cli('inspect', 'hf:org/old-name', '--format', 'json')
        self.assertIn("is called 'org/single' now", done.stderr)
        self.assertEqual(json.loads(done.stdout)['record']['model_id'], 'org/single')

    def test_record_has_the_hash(self):
        done = self.cli('inspect', 'hf:org/single', '--format', 'json')
        repository = self.server.protocol.repositories['org/single']
        file = repository.commits[repository.branches['main']]['model.safetensors']
        self.assertEqual(json.loads(done.stdout)['record']['files'],
                         [{'name': 'model.safetensors', 'size': file.content.size,
                           'sha256': file.content.sha256}])

    def test_revisions_files_and_folders_can_be_named(self):
        repository = self.server.protocol.repositories['org/single']
        for arguments, revision in ((('hf:org/single@v1.0',), 'main'),
                                    (('hf:org/single', '--revision', 'refs/pr/1'), 'refs/pr/1'),
                                    (('hf:org/single@main/model.safetensors',), 'main')):
            done = self.cli('inspect', *arguments, '--format', 'json')
            self.assertEqual(json.loads(done.stdout)['record']['revision'],
                             repository.commit_of(revision))

    def test_refusals_are_sentences(self):
        for model, words, status in (('hf:org/none', 'no model', 1), ('hf:org/private', 'private', 1),
                                     ('hf:org/disabled', 'disabled', 1), ('hf:org/gated', 'gated', 1),
                                     ('hf:org/single@none', 'no such branch', 1),
                                     ('hf:org/single/none', 'no file or folder', 1),
                                     ('hf:org/pickles', "safetensors: 'org/pickles@refs/pr/3'", 1),
                                   ('hf:org/gguf', 'GGUF', 1), ('hf:a/b/../c', '', 2)):
            done = self.cli('inspect', model, status=status)
            self.assertIn(words, done.stderr, model)

    def test_what_the_bot_made_of_pickles_opens(self):
        table = self.cli('inspect', 'hf:org/pickles@refs/pr/3', '--format', 'csv').stdout
        self.assertEqual(table, self.cli('inspect', 'hf:org/single', '--format', 'csv').stdout)

    def test_token_opens_what_is_gated(self):
        self.cli('inspect', 'hf:org/gated', '--format', 'csv', HF_TOKEN=TOKENS['full'])
        self.assertEqual(self.server.counters.snapshot()['tokens_leaked'], 0)

    def test_flipped_header_is_told(self):
        self.server.faults.add('corrupt', listener='cdn', at=8)
        done = self.cli('inspect', 'hf:org/single', status=1)
        self.assertIn('model.safetensors', done.stderr)


if __name__ == '__main__':
    harness.main()
