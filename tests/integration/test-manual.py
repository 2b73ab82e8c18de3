#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The manual and the completions know every option and every metric that the program has."""
import os
import pathlib
import re
import subprocess

import numpy as np

import harness

RESOURCES = pathlib.Path(os.environ['WEIGHTSCOPE_RESOURCES'])


class Manual(harness.CliTest):
    def options(self, command):
        return set(re.findall(r'--[a-z-]+', self.cli(command, '--help').stdout))

    def all_options(self):
        return set().union(*map(self.options, ('inspect', 'analyze', 'cluster', 'report', 'download')))

    def test_manual_tells_of_every_option(self):
        text = (RESOURCES / 'weightscope-cli.1').read_text(encoding='utf-8').replace('\\-', '-')
        for option in self.all_options():
            self.assertRegex(text, rf'{option}\b')

    def test_completions_offer_every_option(self):
        for shell in ('bash', 'zsh', 'fish'):
            path = RESOURCES / 'completions' / f'weightscope-cli.{shell}'
            text = path.read_text(encoding='utf-8')
            for option in self.all_options():
                word = f'-l {option[2:]}' if shell == 'fish' else option
                self.assertRegex(text, rf'{word}\b', path.name)

    def test_help_is_offered_on_the_metrics(self):
        self.assertRegex(self.cli('help').stdout, r'\bmetrics\b')
        self.assertIn('help metrics', (RESOURCES / 'weightscope-cli.1').read_text(encoding='utf-8'))
        for shell in ('bash', 'zsh', 'fish'):
            path = RESOURCES / 'completions' / f'weightscope-cli.{shell}'
            self.assertRegex(path.read_text(encoding='utf-8'), r'inspect analyze cluster report download metrics filter\b')

    def test_help_on_metrics_tells_of_every_metric(self):
        harness.write_safetensors(self.folder / 'm.safetensors', {'w': ('F32', np.eye(2))})
        header = self.cli('analyze', 'm.safetensors').stdout.splitlines()[0].split(',')
        done = self.cli('help', 'metrics')
        keys = re.findall(r'^  (\w+)  ', done.stdout, re.MULTILINE)
        self.assertEqual(done.stderr, '')
        own = header[header.index('count'):header.index('coarse_type')]
        self.assertLessEqual(set(own), set(keys))
        self.assertLessEqual(set(keys), set(header))
        self.assertLessEqual(set(header), set(keys))
        self.assertIn('Roy & Vetterli 2007', done.stdout)

    def test_help_on_filters_shows_what_the_program_takes(self):
        harness.write_safetensors(self.folder / 'm.safetensors', {'w': ('F32', np.eye(2))})
        done = self.cli('help', 'filter')
        self.assertEqual(done.stderr, '')
        texts = re.findall(r'^  (\S.*?)   ', done.stdout, re.MULTILINE)
        self.assertGreater(len(texts), 10)
        for text in texts:
            for term in text.replace('KEY', 'rank').replace('NUMBER', '3').split('  '):
                # status 1: nothing of this model is left; 2: not understood
                done = subprocess.run([harness.CLI, 'analyze', 'm.safetensors', '--filter', term],
                                      cwd=self.folder, env=self.env, capture_output=True,
                                      timeout=60, check=False)
                self.assertIn(done.returncode, (0, 1), term)

    def test_manual_tells_of_every_column(self):
        harness.write_safetensors(self.folder / 'm.safetensors', {'w': ('F32', np.eye(2))})
        header = self.cli('analyze', 'm.safetensors', '--energy', '0.9').stdout.splitlines()[0]
        text = (RESOURCES / 'weightscope-cli.1').read_text(encoding='utf-8')
        for column in header.split(','):
            self.assertRegex(text, rf'\b{column}\b')


if __name__ == '__main__':
    harness.main()
