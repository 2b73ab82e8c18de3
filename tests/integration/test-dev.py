#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""./dev in a copy of its own, with programs that only tell how they were called."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import harness

DEV = pathlib.Path(os.environ['WEIGHTSCOPE_RESOURCES']).parent / 'dev'
# What the script may use where there is neither apt nor a compiler.
TOOLS = ('bash', 'cat', 'dirname', 'env', 'grep', 'mkdir', 'readlink', 'touch')


class Dev(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix='weightscope-')
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name).resolve()
        shutil.copy(DEV, self.root / 'dev')
        for tool in TOOLS:
            self.link(tool)
        self.write('bin/meson', 'echo "$@" >>"$MESON_CALLS"')
        self.write('build/build.ninja', '')
        for program in ('src/weightscope-cli', 'ui/weightscope'):
            self.write(f'build/{program}', f'echo {program} in "$PWD" with "$@"')

    def link(self, tool):
        (self.root / 'bin').mkdir(exist_ok=True)
        (self.root / 'bin' / tool).symlink_to(shutil.which(tool))

    def write(self, name, script):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!{shutil.which("bash")}\n{script}\n')
        path.chmod(0o755)

    def dev(self, *arguments, folder=None, **env):
        done = subprocess.run([str(self.root / 'dev'), *arguments], cwd=folder or self.root,
                              env={'PATH': str(self.root / 'bin'),
                                   'MESON_CALLS': str(self.root / 'calls'), **env},
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_without_apt_the_list_is_told_once(self):
        self.assertEqual(self.dev('run').stderr.count('no apt'), 1)
        self.assertNotIn('no apt', self.dev('run').stderr)

    def test_without_display_the_sample_is_analysed_and_the_csv_named(self):
        csv = self.root / 'build' / 'sample.csv'
        lines = self.dev('run').stdout.splitlines()
        self.assertEqual(lines[0], f'src/weightscope-cli in {self.root} with analyze sample '
                                   '--format table')
        self.assertTrue(lines[1].endswith(f'--out {csv}'))
        self.assertEqual(lines[-1], f'The same numbers as CSV: {csv}')

    def test_model_is_one_of_the_callers_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            said = self.dev('run', 'a model', '--quiet', folder=folder).stdout
            self.assertEqual(said,
                             f'src/weightscope-cli in {folder} with analyze a model --quiet\n')

    def test_with_display_the_window_opens(self):
        for model in ([], ['m']):
            said = self.dev('run', *model, DISPLAY=':7').stdout
            self.assertEqual(said, f'ui/weightscope in {self.root} with {(model or ["sample"])[0]}\n')

    def test_run_builds_the_programs_and_build_everything(self):
        for command, more in (('run', ' --ninja-args=programs'), ('build', '')):
            (self.root / 'calls').unlink(missing_ok=True)
            self.dev(command)
            self.assertEqual((self.root / 'calls').read_text(), f'compile -C build{more}\n')


if __name__ == '__main__':
    harness.main()
