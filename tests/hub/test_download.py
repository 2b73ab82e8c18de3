#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Downloads as whole processes: killed, doubled, held up, on disks that are full or read-only.

DRIVER names fetch-model, see fetch-model.c."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from protocol import TOKENS
from server import Server

DRIVER = os.environ['DRIVER']
# What is under way on connections when they break off: counted by the server, never written.
UNDER_WAY = 8 << 20
# What has come since the record of a part was written last, and is lost by kill -9.
UNRECORDED = 4 << 20


class Download(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix='download-')
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.server.reset()

    def start(self, *arguments, home=None, **env):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(('HF_', 'HUGGING'))}
        process = subprocess.Popen(
            [DRIVER, '--retry', '0.05', *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env={**kept, 'HF_ENDPOINT': self.server.urls['hub'],
                            'HF_HOME': str(home or self.home), **env})
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def finish(self, process, timeout=100):
        """The folder, or None, and what it said."""
        out, err = process.communicate(timeout=timeout)
        words = '\n'.join(line for line in err.splitlines() if not line.startswith('done '))
        self.assertIn(process.returncode, (0, 1), words)
        return (pathlib.Path(out.strip()) if process.returncode == 0 else None), words

    def fetch(self, *arguments, **options):
        folder, words = self.finish(self.start(*arguments, **options))
        self.assertIsNotNone(folder, words)
        return folder

    def files(self, name):
        repository = self.server.protocol.repositories[name]
        return repository.commits[repository.commit_of('main')]

    def check(self, name, folder):
        for path, file in self.files(name).items():
            self.assertEqual((folder / path).read_bytes(), file.content.read(), path)
        self.assertEqual(self.server.counters.snapshot()['tokens_leaked'], 0)

    def cdn_bytes(self):
        return self.server.counters.snapshot()['listeners'].get('cdn', {'bytes': 0})['bytes']

    def add_noise(self, size=96 << 20):
        self.server.protocol.add({'id': 'org/test', 'files': {'config.json': '{}',
                                                              'model.safetensors': {'random': size}}})
        return size

    def wait_until_done(self, process, count):
        """Reads what the driver tells until @count bytes lie on the disk."""
        for line in process.stderr:
            if line.startswith('done ') and int(line.split()[1]) >= count:
                return int(line.split()[1])
        self.fail('it ended too early')

    def test_a_killed_download_fetches_only_what_is_missing(self):
        size = self.add_noise()
        for folder in ([], ['--folder', str(self.home / 'plain')]):
            with self.subTest(folder=folder):
                self.server.set(cdn_rate=20_000_000)
                process = self.start(*folder, 'org/test')
                kept = self.wait_until_done(process, size // 2)
                process.send_signal(signal.SIGKILL)
                process.communicate()
                self.server.set(cdn_rate=None)
                self.server.counters.clear()
                # With a token now, and from another address.
                self.check('org/test', self.fetch(*folder, 'org/test', HF_TOKEN=TOKENS['full']))
                self.assertLessEqual(self.cdn_bytes(), size - kept + UNDER_WAY + UNRECORDED)
                self.assertEqual([], [path for path in self.home.rglob('*.part*')])

    def test_a_download_that_was_stopped_goes_on(self):
        size = self.add_noise()
        self.server.set(cdn_rate=20_000_000, sign_ttl=1)
        process = self.start('org/test')
        self.wait_until_done(process, size // 4)
        process.send_signal(signal.SIGSTOP)
        # Meanwhile the addresses expire.
        self.assertFalse(self.server.counters.wait('cdn', '*', 10000, 0, 3))
        process.send_signal(signal.SIGCONT)
        folder, words = self.finish(process)
        self.assertIsNotNone(folder, words)
        self.check('org/test', folder)

    def test_two_at_once_fetch_it_once(self):
        size = self.add_noise()
        self.server.set(cdn_rate=20_000_000)
        first, second = self.start('org/test'), self.start('org/test')
        for process in (first, second):
            folder, words = self.finish(process)
            self.assertIsNotNone(folder, words)
            self.check('org/test', folder)
        self.assertLessEqual(self.cdn_bytes(), size + UNDER_WAY)

    def test_the_second_goes_on_when_the_first_is_killed(self):
        size = self.add_noise()
        self.server.set(cdn_rate=20_000_000)
        first = self.start('org/test')
        self.wait_until_done(first, size // 4)
        second = self.start('org/test')
        for line in second.stderr:
            if 'another program' in line:
                break
        first.kill()
        folder, words = self.finish(second)
        self.assertIsNotNone(folder, words)
        self.check('org/test', folder)
        self.assertLessEqual(self.cdn_bytes(), size + UNDER_WAY + UNRECORDED)

    def test_five_thousand_files_need_few_connections(self):
        self.check('org/many', self.fetch('org/many'))
        listeners = self.server.counters.snapshot()['listeners']
        self.assertLess(sum(seen['connections'] for seen in listeners.values()), 40)
        self.server.counters.clear()
        self.fetch('org/many')
        # The model and the pages of its listing: no file.
        self.assertEqual([], [entry['path'] for entry in self.server.counters.entries()
                              if not entry['path'].startswith('/api/models/')])

    def test_a_sparse_file_of_4_gib_arrives(self):
        free = shutil.disk_usage(self.home).free
        if free < 6 << 30:
            self.skipTest(f'needs 6 GiB of disk, there are {free >> 30}')
        path, file = next((path, file) for path, file in self.files('org/huge').items()
                          if file.content.size > 1 << 32)
        folder = self.fetch('org/huge', path)
        self.assertEqual((folder / path).stat().st_size, file.content.size)
        self.assertEqual(os.readlink(folder / path), f'../../blobs/{file.content.sha256}')
        with open(folder / path, 'rb') as found:
            for offset in range(0, file.content.size, 64 << 20):
                found.seek(offset)
                end = min(offset + 4096, file.content.size)
                self.assertEqual(found.read(4096), file.content.read(offset, end))

    def mount(self, *options):
        point = self.home / 'disk'
        point.mkdir()
        done = subprocess.run(['mount', '-t', 'tmpfs', '-o', ','.join(options), 'tmpfs', str(point)],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            self.skipTest(f'no tmpfs can be mounted: {done.stderr.strip()}')
        self.addCleanup(subprocess.run, ['umount', '-l', str(point)], check=False)
        return point

    def test_a_disk_that_is_too_small_is_known_before_the_first_byte(self):
        disk = self.mount('size=20m')
        folder, words = self.finish(self.start('org/sharded', home=disk))
        self.assertIsNone(folder)
        self.assertRegex(words, r"'org/sharded' needs 39\.\d\sMB, and the disk of .* are missing")
        self.assertEqual(self.cdn_bytes(), 0)

    def test_a_disk_that_fills_up_meanwhile_ends_the_download(self):
        disk = self.mount('size=64m')
        # So slow that far from all has come when the disk is full; in memory nothing is reserved.
        self.server.set(cdn_rate=200_000)
        process = self.start('org/sharded', home=disk)
        self.wait_until_done(process, 1 << 20)
        with open(disk / 'other', 'wb', buffering=0) as other, self.assertRaises(OSError):
            while True:
                other.write(bytes(1 << 20))
        folder, words = self.finish(process)
        self.assertIsNone(folder)
        self.assertRegex(words, r"'model-0000\d-of-00003\.safetensors': No space left on device")
        self.server.set(cdn_rate=None)
        (disk / 'other').unlink()
        self.check('org/sharded', self.fetch('org/sharded', home=disk))

    def test_a_cache_that_cannot_be_written_to_is_read(self):
        disk = self.mount('size=64m')
        folder = self.fetch('org/sharded', home=disk)
        subprocess.run(['mount', '-o', 'remount,ro', str(disk)], check=True)
        self.server.counters.clear()
        self.assertEqual(self.fetch('org/sharded', home=disk), folder)
        self.assertEqual(self.cdn_bytes(), 0)
        missing, words = self.finish(self.start('org/single', home=disk))
        self.assertIsNone(missing)
        self.assertIn('Read-only file system', words)

    def test_nothing_is_written_outside(self):
        marker = self.home / 'marker'
        marker.touch()
        folder = self.fetch('org/hostile')
        root = folder.parents[1]
        outside = [path for path in self.home.rglob('*')
                   if root not in (path, *path.parents) and path.is_file()
                   and path.name != 'CACHEDIR.TAG' and '.locks' not in path.parts]
        self.assertEqual(outside, [marker])
        for path in root.rglob('*'):
            self.assertIn(root.resolve(), path.resolve().parents)

    def test_files_are_readable_as_the_umask_says(self):
        folder = self.fetch('org/single')
        mask = os.umask(0)
        os.umask(mask)
        for path in folder.rglob('*'):
            if path.is_file():
                self.assertEqual(path.stat().st_mode & 0o777, 0o666 & ~mask, path)


if __name__ == '__main__':
    unittest.main()
