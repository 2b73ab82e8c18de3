#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Python client that people use gets from the Hub of the tests what it gets from the Hub.

Skipped where huggingface_hub is neither installed nor can be put into a virtual environment of the
build folder; HUB_ORACLE_PYTHON names a Python that has it."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from protocol import TOKENS
from server import Server

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import peer  # noqa: E402

SKIPPED = 77
# Runs in the client's Python: calls the named function of huggingface_hub and prints the outcome.
CALL = '''
import json, sys
import huggingface_hub
name, arguments = json.load(sys.stdin)
try:
    if name == 'get_safetensors_metadata':
        value = huggingface_hub.get_safetensors_metadata(**arguments).parameter_count
    elif name == 'list_models':
        value = [model.id for model in huggingface_hub.list_models(**arguments)]
    elif name == 'list_repo_refs':
        refs = huggingface_hub.list_repo_refs(**arguments)
        value = [ref.ref for ref in refs.branches + refs.tags + refs.pull_requests]
    elif name == 'get_repo_discussions':
        value = [[each.git_reference, each.author]
                 for each in huggingface_hub.get_repo_discussions(**arguments)]
    else:
        value = getattr(huggingface_hub, name)(**arguments)
except Exception as error:
    value = {'error': type(error).__name__, 'text': str(error)}
json.dump(value, sys.stdout)
'''


class Oracle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix='hub-')
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.server.reset()

    def call(self, name, env=None, **arguments):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(('HF_', 'HUGGING'))}
        done = subprocess.run(
            [PYTHON, '-c', CALL], input=json.dumps([name, arguments]), capture_output=True, text=True,
            timeout=60, check=True,
            env={**kept, 'HF_ENDPOINT': self.server.urls['hub'], 'HF_HOME': str(self.home),
                 'HF_HUB_DISABLE_XET': '1', 'HF_HUB_DISABLE_TELEMETRY': '1',
                 'HF_HUB_DISABLE_PROGRESS_BARS': '1', **(env or {})})
        return json.loads(done.stdout)

    def fetch(self, *arguments):
        """What our own client fetches; see fetch-model.c."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(('HF_', 'HUGGING'))}
        done = subprocess.run([os.environ['DRIVER'], *arguments], capture_output=True, text=True,
                              timeout=60, check=False, env={**kept, 'HF_HOME': str(self.home),
                                                            'HF_ENDPOINT': self.server.urls['hub']})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def asked_files(self):
        """Paths of requests for files, on the Hub and the content network."""
        return [entry['path'] for entry in self.server.counters.entries()
                if not entry['path'].startswith('/api/models/')]

    def check_snapshot(self, name, folder, revision='main'):
        """Every file is there with the right bytes, and nothing else is."""
        repository = self.server.protocol.repositories[name]
        files = repository.commits[repository.commit_of(revision)]
        found = {str(path.relative_to(folder)): path for path in pathlib.Path(folder).rglob('*')
                 if path.is_file()}
        self.assertEqual(found.keys(), files.keys())
        for path, file in files.items():
            self.assertEqual(found[path].read_bytes(), file.content.read(), path)

    def test_it_fetches_every_kind_of_repository(self):
        for name in ('org/single', 'org/sharded', 'org/duplicates', 'org/odd-names', 'org/gguf',
                     'tiny-canonical'):
            self.check_snapshot(name, self.call('snapshot_download', repo_id=name))
        self.assertEqual(self.server.counters.snapshot()['tokens_leaked'], 0)

    def test_it_fetches_revisions_and_renamed_repositories(self):
        self.check_snapshot('org/single', self.call('snapshot_download', repo_id='org/single',
                                                    revision='refs/pr/1'), 'refs/pr/1')
        self.check_snapshot('org/single', self.call('snapshot_download', repo_id='org/old-name'))

    def test_an_unchanged_model_is_one_request_and_offline_none(self):
        folder = self.call('snapshot_download', repo_id='org/single')
        self.server.counters.clear()
        self.assertEqual(self.call('snapshot_download', repo_id='org/single'), folder)
        self.assertEqual(len(self.server.counters.entries()), 1)
        self.server.counters.clear()
        self.call('snapshot_download', {'HF_HUB_OFFLINE': '1'}, repo_id='org/single')
        self.assertEqual(self.server.counters.entries(), [])

    def test_it_reads_listings(self):
        self.server.set(page_size=2)
        sharded = self.server.protocol.repositories['org/sharded']
        self.assertEqual(self.call('list_repo_files', repo_id='org/sharded'),
                         list(sharded.commits[sharded.commit_of('main')]))
        self.assertIn('refs/pr/1', self.call('list_repo_refs', repo_id='org/single',
                                             include_pull_requests=True))
        self.assertEqual(self.call('get_repo_discussions', repo_id='org/pickles',
                                   discussion_type='pull_request', discussion_status='open'),
                         [['refs/pr/4', 'stranger'], ['refs/pr/3', 'SFconvertbot']])
        self.assertEqual(self.call('list_models', search='org', sort='downloads', limit=3),
                         ['org/single', 'org/sharded', 'org/duplicates'])
        # Six layers of 512×512 twice, 1024×512 twice, and 512.
        self.assertEqual(self.call('get_safetensors_metadata', repo_id='org/sharded'),
                         {'F32': 6 * (2 * 512 * 512 + 2 * 1024 * 512 + 512)})

    def test_it_tells_refusals_apart(self):
        # Over plain HTTP it does not take a 401 for a missing repository, so a token is sent.
        for name, token, error in (('org/gated', False, 'GatedRepoError'),
                                   ('org/gated', TOKENS['unlisted'], 'GatedRepoError'),
                                   ('org/private', TOKENS['limited'], 'RepositoryNotFoundError'),
                                   ('org/nope', TOKENS['full'], 'RepositoryNotFoundError'),
                                   ('org/disabled', TOKENS['full'], 'DisabledRepoError')):
            url = f'{self.server.urls["hub"]}/{name}/resolve/main/config.json'
            told = self.call('get_hf_file_metadata', url=url, token=token)
            self.assertEqual(told['error'], error, (name, told))
        self.assertEqual(self.call('whoami', token=TOKENS['full'])['name'], 'full')
        self.assertIn('Invalid', self.call('whoami', token=TOKENS['revoked'])['text'])

    def test_it_resumes_a_dropped_body(self):
        # It keeps what came in whole steps of 10 MiB.
        self.server.faults.add('drop', listener='cdn', path='*/model-00001*', at=11 << 20)
        folder = self.call('snapshot_download', repo_id='org/sharded')
        self.check_snapshot('org/sharded', folder)
        ranges = [entry['range'] for entry in self.server.counters.entries()
                  if entry['listener'] == 'cdn' and 'model-00001' in entry['path']]
        self.assertEqual(ranges, [None, f'bytes={10 << 20}-'])

    def test_it_takes_what_we_fetched(self):
        for name in ('org/single', 'org/sharded', 'org/duplicates', 'org/odd-names', 'tiny-canonical'):
            folder = self.fetch(name)
            self.server.counters.clear()
            self.assertEqual(self.call('snapshot_download', repo_id=name), folder)
            self.assertEqual(self.asked_files(), [], name)
            self.check_snapshot(name, folder)
            self.server.counters.clear()
            self.assertEqual(self.call('snapshot_download', {'HF_HUB_OFFLINE': '1'}, repo_id=name), folder)
            self.assertEqual(self.server.counters.entries(), [])

    def test_it_takes_our_revisions(self):
        folder = self.fetch('--revision', 'refs/pr/1', 'org/single')
        self.server.counters.clear()
        self.assertEqual(self.call('snapshot_download', {'HF_HUB_OFFLINE': '1'}, repo_id='org/single',
                                   revision='refs/pr/1'), folder)

    def test_it_takes_our_plain_folders(self):
        folder = str(self.home / 'plain')
        self.fetch('--folder', folder, 'org/sharded')
        self.server.counters.clear()
        self.call('snapshot_download', repo_id='org/sharded', local_dir=folder)
        self.assertEqual(self.asked_files(), [])

    def test_we_take_what_it_fetched(self):
        for name in ('org/single', 'org/sharded', 'org/duplicates', 'org/odd-names', 'tiny-canonical'):
            folder = self.call('snapshot_download', repo_id=name)
            self.server.counters.clear()
            self.assertEqual(self.fetch(name), folder)
            self.assertEqual(self.asked_files(), [], name)

    def test_we_take_its_plain_folders(self):
        folder = str(self.home / 'plain')
        self.call('snapshot_download', repo_id='org/sharded', local_dir=folder)
        self.server.counters.clear()
        self.fetch('--folder', folder, 'org/sharded')
        self.assertEqual(self.asked_files(), [])


if __name__ == '__main__':
    PYTHON, REASON = peer.find('hub-oracle', ['huggingface_hub'], ['huggingface_hub'],
                               'HUB_ORACLE_PYTHON')
    if not PYTHON:
        print(REASON)
        sys.exit(SKIPPED)
    unittest.main()
