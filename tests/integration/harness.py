# SPDX-License-Identifier: MIT
"""Runs weightscope-cli as a user does: own folders, own result store, a chosen locale. Cases are
unittest's; main() prints them as TAP for meson."""
import csv
import io
import json
import locale
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

import numpy as np

CLI = os.environ['WEIGHTSCOPE_CLI']
LOCALE = os.environ.get('WEIGHTSCOPE_TEST_LOCALE', 'C')

DTYPES = {'F64': '<f8', 'F32': '<f4', 'F16': '<f2', 'I64': '<i8', 'U8': 'u1'}


def encode(dtype, values):
    """The bytes of an array in a dtype of safetensors; BF16 and FP8 are given as their codes."""
    if dtype == 'BF16':
        return np.asarray(values, '<u2').tobytes()
    if dtype.startswith('F8'):
        return np.asarray(values, 'u1').tobytes()
    return np.ascontiguousarray(values, DTYPES[dtype]).tobytes()


def write_safetensors(path, tensors):
    """@tensors: {name: (dtype, array)}, written in that order."""
    header, blobs, offset = {}, [], 0
    for name, (dtype, values) in tensors.items():
        blob = encode(dtype, values)
        header[name] = {'dtype': dtype, 'shape': list(np.shape(values)),
                        'data_offsets': [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack('<Q', len(text)) + text + b''.join(blobs))


def find_locale(name, folder):
    """Environment under which the locale @name works; None if it cannot be had here."""
    # Python reads text files in the encoding of its locale: ours stays what it is.
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
        return {'LC_ALL': name}
    except locale.Error:
        pass
    finally:
        locale.setlocale(locale.LC_ALL, before)
    language, charset = name.split('.')
    target = folder / name
    if not target.is_dir():
        if not shutil.which('localedef'):
            return None
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            built = pathlib.Path(beside, name)
            # It warns about what other locales lack: only the result counts.
            subprocess.run(['localedef', '-i', language, '-f', charset, str(built)],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            if not built.is_dir():
                return None
            try:
                built.rename(target)
            except OSError:  # another test was faster
                pass
    return {'LC_ALL': name, 'LOCPATH': str(folder)}


class CliTest(unittest.TestCase):
    """A folder, a result store and an environment for each case."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix='weightscope-')
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith(('LC_', 'LANG', 'SOURCE_DATE', 'XDG_', 'WEIGHTSCOPE_DATA'))}
        self.env.update(LOCALE_ENV, WEIGHTSCOPE_DATA=str(self.folder / 'data'), TERM='xterm',
                        HOME=str(self.folder))
        # Sentences are looked for in English, whatever the locale does to numbers and bytes; ''
        # is the language of the locale.
        self.env['LANGUAGE'] = 'en'

    def cli(self, *arguments, status=0, **env):
        """Runs it in the folder; the exit status must be @status."""
        done = subprocess.run([CLI, *map(str, arguments)], cwd=self.folder,
                              env={**self.env, **env}, capture_output=True, timeout=120,
                              check=False)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def rows(self, text):
        """The rows of a CSV text as dictionaries of strings."""
        return list(csv.DictReader(io.StringIO(text, newline='')))

    def by_name(self, text):
        return {row['param_name']: row for row in self.rows(text)}


class TapResult(unittest.TestResult):
    """A line for each case, so that meson counts cases and not files."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self.failed = None  # the case whose part failed last

    def line(self, word, test, comment=''):
        self.count += 1
        print(f'{word} {self.count} {test.id().removeprefix("__main__.")}{comment}', flush=True)

    def details(self, test, error):
        for line in self._exc_info_to_string(error, test).splitlines():
            print('#', line)

    def addSuccess(self, test):
        self.line('ok', test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.details(test, err)
        self.line('not ok', test)

    def addError(self, test, err):
        super().addError(test, err)
        self.details(test, err)
        self.line('not ok', test)

    def addSubTest(self, test, subtest, err):
        """A case whose parts failed is told by nothing else."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.details(subtest, err)
            if test is not self.failed:
                self.line('not ok', test)
            self.failed = test

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line('ok', test, f' # SKIP {reason}')


def main():
    if LOCALE_ENV is None:
        print(f'1..0 # SKIP the locale {LOCALE} is not here and cannot be made')
        return
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    print(f'1..{suite.countTestCases()}', flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)


LOCALE_ENV = find_locale(LOCALE, pathlib.Path(os.environ['G_TEST_BUILDDIR'])) \
    if LOCALE != 'C' else {'LC_ALL': 'C'}
