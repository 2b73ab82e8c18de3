#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""weightscope-cli download against the Hub of the tests."""
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import time

import harness

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'hub'))
from server import Server  # tests/hub is not a package
from protocol import TOKENS


def decimal_bytes(n):
    """As GLib tells sizes: 12.6 MB."""
    return f'{n / 1e6:.1f}\u00a0MB'


class Download(harness.CliTest):
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

    def right_bytes(self, repository, path):
        repository = self.server.protocol.repositories[repository]
        file = repository.commits[repository.branches['main']][path]
        return file.content.read()

    def assert_right(self, folder, repository, *paths):
        for path in paths:
            self.assertEqual(hashlib.sha256((folder / path).read_bytes()).digest(),
                             hashlib.sha256(self.right_bytes(repository, path)).digest(), path)

    def requests(self, listener):
        return self.server.counters.snapshot()['listeners'].get(listener, {}).get('requests', 0)

    def test_model_arrives_in_the_shared_cache(self):
        done = self.cli('download', 'org/duplicates')
        folder = pathlib.Path(done.stdout.rstrip('\n'))
        self.assertEqual(folder.parent, self.folder / 'home/hub/models--org--duplicates/snapshots')
        names = {str(path.relative_to(folder)) for path in folder.rglob('*') if not path.is_dir()}
        self.assertIn('model.safetensors', names)
        self.assertEqual([name for name in names if name.endswith(('.bin', '.h5', '.gguf'))], [])
        self.assert_right(folder, 'org/duplicates', *names)
        # what was fetched can be opened
        self.assertNotEqual(self.rows(self.cli('inspect', folder, '--format', 'csv').stdout), [])

    def test_second_time_costs_nothing(self):
        first = self.cli('download', 'org/sharded')
        self.server.counters.clear()
        second = self.cli('download', 'org/sharded')
        self.assertEqual(first.stdout, second.stdout)
        self.assertEqual(self.requests('cdn'), 0)

    def test_addresses_revisions_and_globs_choose(self):
        hub = self.server.urls['hub']
        for arguments, expected in (
                (('org/single@feature/half',), 'model.safetensors'),
                (('org/single', '--revision', 'refs/pr/1'), 'model.safetensors'),
                ((f'{hub}/org/single/blob/main/config.json',), 'config.json'),
                (('hf:org/single', '--include', '*.json', '--exclude', 'tok*'), 'config.json')):
            out = self.folder / 'plain'
            self.cli('download', *arguments, '--out', out)
            self.assertTrue((out / expected).is_file(), arguments)
            self.assertFalse((out / '../outside').exists())

    def test_dry_run_lists_and_fetches_nothing(self):
        done = self.cli('download', 'org/duplicates', '--dry-run')
        sizes = dict(reversed(line.split('\t')) for line in done.stdout.splitlines())
        self.assertEqual(int(sizes['config.json']),
                         len(self.right_bytes('org/duplicates', 'config.json')))
        self.assertNotIn('pytorch_model.bin', sizes)
        self.assertIn('pytorch_model.bin',
                      self.cli('download', 'org/duplicates', '--dry-run', '--all-files').stdout)
        self.assertEqual(self.requests('cdn'), 0)
        self.assertFalse((self.folder / 'home/hub').exists())

    def test_pickles_are_told_before_they_come(self):
        done = self.cli('download', 'org/pickles', '--dry-run')
        self.assertIn("not read; the Hub's bot offers them as safetensors: 'org/pickles@refs/pr/3'",
                      done.stderr)
        done = self.cli('download', 'org/pickles@refs/pr/3', '--dry-run')
        self.assertNotIn('pickles,', done.stderr)
        self.assertIn('model.safetensors', done.stdout)

    def list_planned(self, *arguments):
        done = self.cli('download', *arguments, '--dry-run')
        return {line.split('\t')[1] for line in done.stdout.splitlines()}

    def test_a_part_comes_in_its_files(self):
        """Each tensor in a shard of its own: what holds it and nothing else, beside small files."""
        names = {'model.embed_tokens.weight': 'a.safetensors',
                 'model.layers.0.mlp.up_proj.weight': 'b.safetensors',
                 'model.layers.1.mlp.up_proj.weight': 'c.safetensors'}
        small = {'config.json': '{}', 'model.safetensors.index.json': json.dumps({'weight_map': names})}
        self.server.protocol.add({'id': 'org/parts', 'files': {
            **small, 'notes.bin': {'random': 9},
            **{file: {'tensors': {tensor: ['F32', [4, 4]]}} for tensor, file in names.items()}}})
        for part, files in (('weights', set(names.values())), ('embeddings', {'a.safetensors'}),
                            ('one-layer', {'b.safetensors'}), ('small-files', set())):
            self.assertEqual(self.list_planned('org/parts', '--only', part), files | set(small), part)
        self.assertEqual(self.list_planned('org/parts'),
                         self.list_planned('org/parts', '--only', 'weights'))
        self.assertNotIn('config.json', self.list_planned('org/parts', '--only', 'embeddings',
                                                          '--exclude', 'config.json'))
        out = self.folder / 'part'
        self.cli('download', 'org/parts', '--only', 'embeddings', '--out', out)
        names = {path.name for path in out.iterdir() if path.is_file()}
        self.assertEqual(names, {'a.safetensors', *small})
        done = self.cli('inspect', out, '--format', 'csv')
        rows = self.rows(done.stdout)
        self.assertEqual([row['param_name'] for row in rows], ['model.embed_tokens.weight'])
        self.assertIn('a part of the model, as it was downloaded: 2 of its 3 tensors are absent, in 2 of '
                      '3 files', done.stderr)

    def add_parts(self):
        """A model of three shards: the embedding, and two layers."""
        names = {'model.embed_tokens.weight': 'model-00001-of-00003.safetensors',
                 'model.layers.0.mlp.up_proj.weight': 'model-00002-of-00003.safetensors',
                 'model.layers.1.mlp.up_proj.weight': 'model-00003-of-00003.safetensors'}
        self.server.protocol.add({'id': 'org/parts', 'files': {
            'config.json': '{}',
            'model.safetensors.index.json': json.dumps({'weight_map': names}),
            **{file: {'tensors': {tensor: ['F32', [8, 4]]}} for tensor, file in names.items()}}})

    def test_a_part_opens_by_the_command_that_download_tells(self):
        """In a folder and in the cache; when the rest has come it is a part no longer."""
        self.add_parts()
        for target in (('--out', 'a part'), ()):
            done = self.cli('download', 'org/parts', '--only', 'one-layer', *target)
            last = done.stderr.splitlines()[-1]
            self.assertRegex(last, '^weightscope-cli: next: weightscope-cli inspect ')
            command = shlex.split(last.split('weightscope-cli ', 1)[1])
            self.assertEqual(command[1], done.stdout.rstrip('\n'))
            rows = self.rows(self.cli(*command, '--format', 'csv').stdout)
            self.assertEqual([row['layer_index'] for row in rows], ['0'])
            self.assertIn('is in \'model-00001-of-00003.safetensors\', which is not here',
                          self.cli('cluster', command[1], status=1).stderr)
            self.cli('analyze', command[1])
            self.cli('download', 'org/parts', *target)
            self.assertNotIn('part', self.cli('inspect', command[1], '--format', 'csv').stderr)

    def test_a_lost_shard_is_no_part(self):
        self.add_parts()
        folder = pathlib.Path(self.cli('download', 'org/parts', '--only', 'one-layer').stdout.strip())
        self.cli('download', 'org/parts')
        (folder / 'model-00003-of-00003.safetensors').unlink()
        said = self.cli('inspect', folder, status=1).stderr
        self.assertIn('1 of 3 shards is missing', said)
        self.assertIn(f"'download org/parts --revision {folder.name}' fetches the rest", said)
        self.cli('inspect', folder, '--allow-missing', status=3)

    def test_small_files_alone_are_no_model(self):
        self.add_parts()
        done = self.cli('download', 'org/parts', '--only', 'small-files')
        self.assertNotIn('next', done.stderr)
        self.assertIn('all shards are missing', self.cli('inspect', done.stdout.strip(), status=1).stderr)

    def test_a_part_that_cannot_be_had_is_a_sentence(self):
        done = self.cli('download', 'org/single', '--only', 'embeddings', status=1)
        self.assertIn("'analyze hf:org/single --filter type:embedding' reads it alone", done.stderr)
        done = self.cli('download', 'org/single@v1.0', '--only', 'one-layer', status=1)
        self.assertIn("'analyze hf:org/single@v1.0 --filter layer:0'", done.stderr)
        # a command that finds nothing is not advised
        done = self.cli('download', 'org/sharded', '--only', 'embeddings', status=1)
        self.assertIn("'org/sharded' has no token embedding; 'inspect hf:org/sharded' lists", done.stderr)
        self.server.protocol.add({'id': 'org/flat', 'files': {
            'model.safetensors': {'tensors': {'w': ['F32', [4, 4]]}}}})
        done = self.cli('download', 'org/flat', '--only', 'one-layer', status=1)
        self.assertIn("'org/flat' has no layers", done.stderr)
        done = self.cli('download', 'org/gguf', '--only', 'embeddings', status=1)
        self.assertIn('GGUF files', done.stderr)
        self.assertNotIn('analyze', done.stderr)
        for arguments, words in (
                (('org/single', '--only', 'layers'), "--only does not take 'layers': expected weights, "),
                (('org/single', '--only', 'all-files'), "--only does not take 'all-files'"),
                (('org/single', '--only', 'weights', '--all-files'), '--only does not go with'),
                (('org/single', '--only', 'weights', '--include', '*'), '--only does not go with'),
                (('org/gguf:Q8_0', '--only', 'weights'), '--only does not go with')):
            done = self.cli('download', *arguments, status=2)
            self.assertIn(words, done.stderr)

    def test_what_is_here_needs_no_network(self):
        """Fetched with a network: then without, by option, by variable, and by an endless silence."""
        folder = self.cli('download', 'org/sharded').stdout
        self.cli('download', 'org/single', '--out', 'plain')
        self.server.counters.clear()
        for arguments, env, words in (
                (('--no-network',), {}, 'offline mode'),
                ((), {'HF_HUB_OFFLINE': '1'}, 'offline mode'),
                (('--endpoint', 'http://127.0.0.1:1'), {}, 'cannot reach')):
            done = self.cli('download', 'org/sharded', *arguments, **env)
            self.assertEqual(done.stdout, folder)
            self.assertIn(words, done.stderr)
            self.assertIn("of 'org/sharded' is here, as of commit", done.stderr)
        done = self.cli('download', 'org/single', '--out', 'plain', '--no-network')
        self.assertEqual(done.stdout, 'plain\n')
        plan = self.cli('download', 'org/sharded', '--no-network', '--dry-run')
        self.assertIn('to fetch: 0 bytes', plan.stderr)
        self.assertEqual(self.requests('hub'), 0)
        # a program that keeps no list of the files: what opens has its weights
        root = pathlib.Path(folder.strip()).parents[1]
        for name in ('trees', '../../../data/hub'):
            shutil.rmtree(root / name)
        self.assertEqual(self.cli('download', 'org/sharded', '--no-network').stdout, folder)
        os.unlink(pathlib.Path(folder.strip()) / 'model-00002-of-00003.safetensors')
        self.assertIn('offline', self.cli('download', 'org/sharded', '--no-network', status=1).stderr)

    def test_part_that_is_here_is_told_without_a_network(self):
        self.cli('download', 'org/sharded', '--include', '*-00001-*')
        done = self.cli('download', 'org/sharded', '--no-network', status=1)
        self.assertRegex(done.stderr, "of 'org/sharded' only 12.* of 3[78].* is on this machine; no connection.*offline")
        self.assertEqual(done.stdout, '')

    def test_plan_tells_what_is_here(self):
        """Two shards of 12 MiB and their small files are to come when one is there."""
        first = self.right_bytes('org/sharded', 'model-00001-of-00003.safetensors')
        self.cli('download', 'org/sharded', '--include', '*-00001-*')
        done = self.cli('download', 'org/sharded', '--dry-run')
        total = sum(int(line.split('\t')[0]) for line in done.stdout.splitlines())
        self.assertIn(f'here already: {decimal_bytes(len(first))}, '
                      f'to fetch: {decimal_bytes(total - len(first))}', done.stderr)
        self.assertIn('here already: 0', self.cli('download', 'org/single', '--dry-run').stderr)

    def test_hostile_names_are_left_out_and_told(self):
        out = self.folder / 'target'
        done = self.cli('download', 'org/hostile', '--all-files', '--out', out)
        self.assertIn('is left out', done.stderr)
        self.assertTrue((out / 'config.json').is_file())
        beside = {path.name for path in self.folder.iterdir()}
        self.assertLessEqual(beside, {'target', 'data', 'home'})

    def test_weights_that_cannot_be_opened_are_told_before_they_come(self):
        said = 'GGUF files cannot be opened here: only safetensors are read'
        for arguments in (('org/gguf', '--dry-run'), ('org/gguf:Q8_0',)):
            done = self.cli('download', *arguments)
            self.assertIn(said, done.stderr.splitlines()[0])
            self.assertNotIn('next', done.stderr)
        self.assertIn('Keras', self.cli('download', 'org/duplicates', '--include', '*.h5').stderr)
        for arguments in ((), ('--all-files',)):
            self.assertNotIn('cannot be opened', self.cli('download', 'org/duplicates', *arguments).stderr)

    def test_mistyped_name_is_answered_with_names_that_are_near(self):
        """One more request, and no wait where nobody answers it."""
        for name, near in (('org/singel', 'org/single'), ('orgs/sharded', 'org/sharded'),
                           ('tiny-canonicle', 'tiny-canonical'), ('org/Odd-name', 'org/odd-names')):
            self.server.counters.clear()
            said = self.cli('download', name, status=1).stderr
            self.assertRegex(said, f"there is no model '{name}' on the Hub: did you mean '{near}'")
            self.assertEqual(self.requests('hub'), 2)
            for words in ('HF_TOKEN', str(self.folder / 'home/token'), '/settings/tokens'):
                self.assertIn(words, said)
            self.assertIn(f"did you mean '{near}'", self.cli('inspect', f'hf:{name}', status=1).stderr)
        self.server.faults.add('stall', listener='hub', path='/api/models', times=0)
        began = time.monotonic()
        said = self.cli('download', 'org/singel', status=1).stderr
        self.assertIn('check the name', said)
        self.assertLess(time.monotonic() - began, 10)

    def test_refusals_name_the_ways_of_a_token(self):
        said = self.cli('download', 'org/gated', status=1).stderr
        self.assertIn(f'{self.server.urls["hub"]}/org/gated', said)
        self.assertIn('HF_TOKEN, or from the file', said)
        said = self.cli('download', 'org/gated', status=1, HF_TOKEN=TOKENS['unlisted']).stderr
        self.assertIn('the token sent is that of HF_TOKEN', said)
        (self.folder / 'home').mkdir(exist_ok=True)
        (self.folder / 'home/token').write_text(TOKENS['revoked'])
        said = self.cli('inspect', 'hf:org/single', status=1).stderr
        self.assertIn(f"that of the file '{self.folder / 'home/token'}'", said)

    def test_each_refusal_has_its_sentence(self):
        for arguments, env, words in (
                (('org/nothing',), {}, 'private'),
                (('org/single@nothing',), {}, 'no such branch'),
                (('org/gated',), {}, 'gated'),
                (('org/gated',), {'HF_TOKEN': TOKENS['unlisted']}, 'gated'),
                (('org/disabled',), {}, 'disabled'),
                (('org/single',), {'HF_TOKEN': TOKENS['revoked']}, 'token'),
                (('org/single', '--include', '*.nothing'), {}, 'no file'),
                (('org/single', '--no-network'), {}, 'on this machine; no connection'),
                (('org/single', '--endpoint', 'http://127.0.0.1:1'), {}, 'cannot reach')):
            done = self.cli('download', *arguments, status=1, **env)
            self.assertIn(words, done.stderr, arguments)
            self.assertNotIn('hf_', done.stderr + done.stdout)
            self.assertEqual(done.stdout, '')

    def test_wrong_usage_is_told(self):
        for arguments in ((), ('a/b', 'c/d'), ('datasets/a/b',), ('a b',), ('a/b', '--jobs', '0'),
                          ('a/b', '--limit-rate', 'x'), ('a/b', '--max-wait', '-1'), ('a/b@x', '--revision', 'y'),
                          ('a/b', '--endpoint', 'nowhere'), ('a/b', '--format', 'csv')):
            self.assertIn('download --help', self.cli('download', *arguments, status=2).stderr)

    def test_token_opens_what_it_may_and_goes_nowhere_else(self):
        done = self.cli('download', 'org/private', HF_TOKEN=TOKENS['full'])
        self.assert_right(pathlib.Path(done.stdout.rstrip('\n')), 'org/private', 'model.safetensors')
        self.assertEqual(self.server.counters.snapshot()['tokens_leaked'], 0)
        for path in self.folder.rglob('*'):
            if path.is_file():
                self.assertNotIn(TOKENS['full'].encode(), path.read_bytes(), path)

    def start(self, *arguments):
        return subprocess.Popen([harness.CLI, *arguments], cwd=self.folder, env=self.env,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def break_off(self, number):
        """A download of 36 MiB that gets @number in its middle, when 16 MiB have gone."""
        self.server.set(cdn_rate=1e6)
        process = self.start('download', 'org/sharded')
        self.assertTrue(self.server.counters.wait(listener='cdn', path='*', count=16 << 20, timeout=60))
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
        self.server.set(cdn_rate=None)
        self.server.counters.clear()
        return process.returncode, stderr.decode()

    def check_resumed(self):
        done = self.cli('download', 'org/sharded')
        folder = pathlib.Path(done.stdout.rstrip('\n'))
        shards = [f'model-0000{i}-of-00003.safetensors' for i in (1, 2, 3)]
        self.assert_right(folder, 'org/sharded', *shards)
        total = sum((folder / shard).stat().st_size for shard in shards)
        sent = self.server.counters.snapshot()['listeners']['cdn']['bytes']
        # the server counts up to 1 MiB for each connection that was cut
        self.assertLess(sent, total - (4 << 20))

    def test_interrupted_download_goes_on(self):
        status, stderr = self.break_off(signal.SIGINT)
        self.assertEqual(status, 130, stderr)
        self.assertIn('the same command goes on', stderr)
        self.check_resumed()

    def test_killed_download_goes_on(self):
        self.assertEqual(self.break_off(signal.SIGKILL)[0], -signal.SIGKILL)
        self.check_resumed()

    def test_pipe_gets_plain_lines(self):
        done = self.cli('download', 'org/sharded')
        self.assertNotIn('\x1b', done.stderr)
        self.assertIn('100 %', done.stderr)
        self.assertEqual(self.cli('download', 'org/single', '--quiet').stderr, '')

    def test_network_that_is_away_is_waited_for_and_told(self):
        fault = {'listener': 'cdn', 'path': '*/model.safetensors', 'code': 503, 'times': 6}
        self.server.faults.add('status', **fault, retry_after=0)
        self.assertIn('cannot fetch',
                      self.cli('download', 'org/single', '--max-wait', '0', status=1).stderr)
        self.server.faults.clear()
        self.server.faults.add('status', **fault, retry_after=0)
        self.server.faults.add('status', **{**fault, 'times': 1}, retry_after=4)
        done = self.cli('download', 'org/single')
        self.assert_right(pathlib.Path(done.stdout.rstrip('\n')), 'org/single', 'model.safetensors')
        waits = [line for line in done.stderr.splitlines() if 'waiting' in line]
        self.assertEqual(len(waits), 1, done.stderr)
        self.assertRegex(waits[0], r'waiting for the server, retry in [345]\ss: the server answered 503')

    def test_read_only_folder_is_named(self):
        if os.geteuid() == 0:
            self.skipTest('root may write anywhere')
        out = self.folder / 'closed'
        out.mkdir(mode=0o500)
        self.assertIn('closed', self.cli('download', 'org/single', '--out', out, status=1).stderr)


if __name__ == '__main__':
    harness.main()
