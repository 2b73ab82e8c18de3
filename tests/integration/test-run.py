#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How a run ends: exit statuses, interruption, resuming, files that are whole or not there."""
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import unittest

import numpy as np

import harness


class Usage(harness.CliTest):
    def setUp(self):
        super().setUp()
        harness.write_safetensors(self.folder / 'm.safetensors', {'w': ('F32', np.eye(4))})

    def refused(self, *arguments):
        """Wrong usage: status 2, nothing on stdout. Returns: what stderr says."""
        done = self.cli(*arguments, status=2)
        self.assertEqual(done.stdout, '')
        return done.stderr

    def test_no_command_is_wrong_usage(self):
        self.assertIn('Usage:', self.refused())

    def test_commands_to_come_are_named_as_such(self):
        for command in ('compare', 'plot', 'verify'):
            self.assertIn(f"'{command}'", self.refused(command, 'm.safetensors'))
            self.assertNotIn(command, self.cli('help').stdout)

    def test_unknown_command_and_option_are_refused(self):
        self.assertIn("'frobnicate'", self.refused('frobnicate'))
        self.assertIn('--frobnicate', self.refused('analyze', 'm.safetensors', '--frobnicate'))

    def test_model_is_given_once(self):
        self.assertIn('MODEL', self.refused('analyze'))
        self.assertIn("'b'", self.refused('analyze', 'a', 'b'))
        self.assertIn("'a'", self.refused('analyze', 'a', '--model_path', 'b'))

    def test_bad_values_are_quoted_with_what_is_accepted(self):
        for option, value, accepted in (
                ('--threads', '0', 'from 1'), ('--threads', 'two', 'from 1'),
                ('--memory-limit', '1X', '512M'), ('--memory-limit', '-1', '512M'),
                ('--memory-limit', '10M', '16M'), ('--energy', '90', 'up to 1'),
                ('--energy', '', 'up to 1'), ('--energy', 'nan', 'up to 1'),
                ('--rank-tol', '0x1', 'between'), ('--rank-tol', '1', 'between'),
                ('--rank-k', '0', 'from 1'), ('--rank-k', '1.5', 'from 1'),
                ('--zero-eps', '-1', 'not negative'), ('--zero-eps', 'inf', 'not negative'),
                ('--seed', 'x', 'from 0'), ('--random-state', '-1', 'from 0'),
                ('--device', 'gpu', 'cuda'), ('--device', 'cuda:x', 'cuda'),
                ('--format', 'xml', 'seed-csv'), ('--filter', 'type:', ''),
                ('--filter', 'nosuchkey<3', '')):
            message = self.refused('analyze', 'm.safetensors', option, value)
            self.assertIn(value, message, option)
            self.assertIn(accepted, message, option)

    def test_contradictions_are_refused(self):
        self.refused('analyze', 'm.safetensors', '--resume', '--fresh')
        self.refused('analyze', 'm.safetensors', '--quiet', '--verbose')
        self.refused('analyze', 'm.safetensors', '--no-gpu', '--device', 'cuda')
        self.refused('analyze', 'm.safetensors', '--filter', 'a', '--where', 'b')
        self.refused('analyze', 'm.safetensors', '--out', 'x', '--spectra', 'x')

    def test_seed_csv_is_not_for_inspect(self):
        self.refused('inspect', 'm.safetensors', '--format', 'seed-csv')

    def test_command_lines_of_the_seed_work(self):
        self.cli('analyze', '--model_path', 'm.safetensors', '--model_id', 'a/b', '--no_gpu',
                 '--random_state', '7', '--rank_k', '128', '--low_cpu_mem_usage', '--out', 'r.csv')
        self.assertEqual(self.by_name((self.folder / 'r.csv').read_text(encoding='utf-8'))['w']['model_id'], 'a/b')

    def test_command_line_without_command_is_told_how_to_begin(self):
        for arguments in (('--model_path', 'm.safetensors', '--no_gpu'), ('m.safetensors',), ('sample',),
                          ('hf:org/name', '--quiet')):
            self.assertIn(f'weightscope-cli analyze {" ".join(arguments[:2])}\n',
                          self.refused(*arguments))

    def test_analyse_is_analyze(self):
        self.assertEqual(self.rows(self.cli('analyse', 'm.safetensors').stdout)[0]['state'], 'ok')

    def test_extension_of_another_kind_of_file_is_refused(self):
        for command in ('analyze', 'inspect'):
            for name in ('r.xlsx', 'r.npz', 'r.TXT', './d.csv/r.html'):
                message = self.refused(command, 'm.safetensors', '--out', name)
                for word in (name, 'csv', 'jsonl', 'tsv', '--format'):
                    self.assertIn(word, message)
            for name in ('plain', 'r-1.5', '.hidden', 'r.CSV'):
                self.cli(command, 'm.safetensors', '--out', name)
                self.assertIn('param_name', (self.folder / name).read_text().splitlines()[0])
            self.cli(command, 'm.safetensors', '--format', 'csv', '--out', 'r.txt')

    def test_spectra_are_written_to_npz_only(self):
        for name in ('s', 's.csv', 's.npz.txt'):
            self.assertIn('.npz', self.refused('analyze', 'm.safetensors', '--spectra', name))
            self.assertFalse((self.folder / name).exists())

    def test_double_dash_ends_the_options(self):
        (self.folder / 'm.safetensors').rename(self.folder / '--odd_name')
        (self.folder / '--odd_name').rename(self.folder / '--odd_name.safetensors')
        self.cli('inspect', '--', '--odd_name.safetensors')

    def test_words_of_devices_are_taken(self):
        for words in (('--device', 'auto'), ('--device', 'cpu'), ('--device', 'cuda'),
                      ('--device', 'cuda:3'), ('--no-gpu',), ('--no-gpu', '--device', 'cpu'),
                      ('--no-gpu', '--device', 'auto')):
            done = self.cli('analyze', 'm.safetensors', *words)
            self.assertEqual(self.by_name(done.stdout)['w']['state'], 'ok', words)

    def test_processor_that_was_asked_for_needs_no_note(self):
        for words in (('--device', 'cpu'), ('--no-gpu',)):
            done = self.cli('analyze', 'm.safetensors', *words, '--format', 'json')
            self.assertEqual(done.stderr, '')
            record = json.loads(done.stdout)['record']
            self.assertEqual((record['device'], record['device_note']), ('cpu', None))

    def test_broken_driver_is_told_and_harms_nothing(self):
        for content in (b'', b'not a library', b'\x7fELF' + bytes(60)):
            folder = self.folder / 'cuda'
            folder.mkdir(exist_ok=True)
            (folder / 'libcuda.so.1').write_bytes(content)
            facts = [line for line in self.cli('--version', WEIGHTSCOPE_CUDA_PATH=folder)
                     .stdout.splitlines() if line.startswith('CUDA: ')]
            self.assertNotEqual(facts, [])
            done = self.cli('analyze', 'm.safetensors', WEIGHTSCOPE_CUDA_PATH=folder)
            self.assertEqual(self.by_name(done.stdout)['w']['backend'], 'cpu')

    def test_help_and_version_go_to_stdout(self):
        for arguments in (('help',), ('--help',), ('help', 'analyze'), ('analyze', '--help'),
                          ('inspect', '-h'), ('help', '--help'), ('help', 'help'), ('--version',)):
            done = self.cli(*arguments)
            self.assertEqual(done.stderr, '')
            self.assertNotEqual(done.stdout, '')
        self.assertIn('CUDA', done.stdout)
        self.assertIn('BLAS', done.stdout)
        self.assertIn('--memory-limit', self.cli('analyze', '--help').stdout)
        self.assertNotIn('--memory-limit', self.cli('inspect', '--help').stdout)

    def test_version_is_told_where_no_thread_can_start(self):
        # the stack of a thread alone is more than all the addresses that there are
        limited = f'ulimit -s 4000000 && ulimit -v 800000 && exec "{harness.CLI}" --version'
        done = subprocess.run(['sh', '-c', limited], env={**self.env, 'OPENBLAS_NUM_THREADS': '1'},
                              capture_output=True, text=True, check=False, timeout=60)
        if 'Sanitizer' in done.stderr or 'ulimit' in done.stderr:
            self.skipTest(f'such limits cannot be had here: {done.stderr[:80]}')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertIn('CUDA: not looked for: ', done.stdout)


class Models(harness.CliTest):
    def failed(self, model):
        return self.cli('inspect', model, status=1).stderr

    def test_missing_and_broken_files_get_a_sentence(self):
        (self.folder / 'empty.safetensors').write_bytes(b'')
        (self.folder / 'long.safetensors').write_bytes(b'\xff' * 64)
        for name in ('nothing-here', 'empty.safetensors', 'long.safetensors'):
            lines = self.failed(name).splitlines()
            self.assertEqual(len(lines), 1)
            self.assertTrue(lines[0].startswith('weightscope-cli: '))
            self.assertIn(name, lines[0])

    def test_kinds_not_read_yet_get_a_sentence(self):
        for name in ('a.gguf', 'a.bin', 'a.pt', 'a.npz'):
            (self.folder / name).write_bytes(b'GGUF' if name.endswith('gguf') else b'PK\3\4')
            self.assertIn(name, self.failed(name))

    def test_missing_shard_is_named(self):
        (self.folder / 'model.safetensors.index.json').write_text(
            '{"metadata": {}, "weight_map": {"w": "model-00001-of-00001.safetensors"}}')
        self.assertIn('model-00001-of-00001.safetensors', self.failed('.'))

    def write_shards(self):
        """The first of four shards is there."""
        harness.write_safetensors(self.folder / 'model-00001-of-00004.safetensors',
                                  {'w1': ('F32', np.eye(3))})
        (self.folder / 'model.safetensors.index.json').write_text(json.dumps({'weight_map': {
            f'w{i}': f'model-0000{i}-of-00004.safetensors' for i in range(1, 5)}}))

    def test_missing_shards_are_counted_and_the_option_is_offered(self):
        self.write_shards()
        for command in ('inspect', 'analyze'):
            message = self.cli(command, '.', status=1).stderr
            self.assertIn('3 of 4 shards', message)
            for word in ('model-00002-of', 'model-00003-of', '--allow-missing'):
                self.assertIn(word, message)
            self.assertNotIn('model-00004-of', message)

    def test_option_goes_on_without_missing_shards(self):
        self.write_shards()
        for command in ('inspect', 'analyze'):
            done = self.cli(command, '.', '--allow-missing', status=3)
            self.assertEqual([row['param_name'] for row in self.rows(done.stdout)], ['w1'])
            self.assertIn('3 shards are missing', done.stderr)

    def test_option_does_not_help_when_all_shards_are_missing(self):
        self.write_shards()
        (self.folder / 'model-00001-of-00004.safetensors').unlink()
        self.assertNotIn('--allow-missing', self.failed('.'))

    def test_other_files_are_said_to_be_no_checkpoint(self):
        (self.folder / 'notes.txt').write_text('buy milk and bread')
        (self.folder / 'a.md').write_text('# hi')
        for name in ('notes.txt', 'a.md'):
            self.assertIn(f"'{name}' is not a checkpoint", self.failed(name))

    def test_config_as_model_is_no_index(self):
        (self.folder / 'config.json').write_text('{"model_type": "llama"}')
        message = self.failed('config.json')
        self.assertIn("'config.json' is not an index of shards", message)
        self.assertIn('give the folder instead', message)

    def test_what_the_hub_calls_a_model_is_told_to_be_elsewhere(self):
        for name in ('Qwen/Qwen3-4B', 'https://huggingface.co/Qwen/Qwen3-4B'):
            self.assertIn('hf:org/name', self.failed(name))
        for name in ('./no/where', '/no/where', 'nowhere'):
            self.assertNotIn('hf:org/name', self.failed(name))


class Output(harness.CliTest):
    def setUp(self):
        super().setUp()
        harness.write_safetensors(self.folder / 'm.safetensors', {'w': ('F32', np.eye(4))})

    def test_model_is_never_overwritten(self):
        before = (self.folder / 'm.safetensors').read_bytes()
        os.symlink('m.safetensors', self.folder / 'link.csv')
        os.link(self.folder / 'm.safetensors', self.folder / 'hard.csv')
        for out in ('m.safetensors', './m.safetensors', 'link.csv', 'hard.csv'):
            for option in ('--out', '--spectra'):
                self.cli('analyze', 'm.safetensors', option, out, status=2)
            self.cli('inspect', 'm.safetensors', '--out', out, status=2)
        self.assertEqual((self.folder / 'm.safetensors').read_bytes(), before)

    def test_table_and_spectra_are_not_one_file(self):
        for spectra in ('r.npz', './r.npz', str(self.folder / 'r.npz')):
            done = self.cli('analyze', 'm.safetensors', '--format', 'csv', '--out', 'r.npz',
                            '--spectra', spectra, status=2)
            self.assertIn('the same file', done.stderr)

    @unittest.skipUnless(os.path.exists('/dev/full'), 'no /dev/full here')
    def test_spectra_that_cannot_be_saved_fail_before_the_run(self):
        os.symlink('/dev/full', self.folder / 'full.npz')
        done = self.cli('analyze', 'm.safetensors', '--out', 'r', '--spectra', 'full.npz',
                        status=1)
        self.assertIn("'full.npz'", done.stderr)
        self.assertFalse((self.folder / 'r').exists())

    def test_config_of_the_model_is_never_overwritten(self):
        (self.folder / 'config.json').write_text('{}')
        self.cli('analyze', '.', '--out', 'config.json', status=2)
        self.assertEqual((self.folder / 'config.json').read_text(), '{}')

    def test_nothing_is_left_beside_the_result(self):
        self.cli('analyze', 'm.safetensors', '--out', 'r.csv', '--spectra', 's.npz')
        self.assertEqual({path.name for path in self.folder.iterdir()},
                         {'m.safetensors', 'r.csv', 's.npz', 'data'})

    def test_result_replaces_an_older_one(self):
        (self.folder / 'r.csv').write_text('old')
        self.cli('analyze', 'm.safetensors', '--out', 'r.csv')
        self.assertIn('w', self.by_name((self.folder / 'r.csv').read_text(encoding='utf-8')))

    def test_folder_that_is_not_there_fails_before_the_run(self):
        done = self.cli('analyze', 'm.safetensors', '--out', 'no/r.csv', '--verbose', status=1)
        self.assertIn("'no'", done.stderr)
        self.assertNotIn('w:', done.stderr)

    def test_folder_as_target_fails(self):
        (self.folder / 'd').mkdir()
        self.assertIn("'d'", self.cli('analyze', 'm.safetensors', '--out', 'd', status=1).stderr)

    @unittest.skipIf(os.geteuid() == 0, 'root may write into any folder')
    def test_read_only_folder_fails(self):
        (self.folder / 'ro').mkdir(mode=0o500)
        self.cli('analyze', 'm.safetensors', '--out', 'ro/r.csv', status=1)

    @unittest.skipUnless(os.path.exists('/dev/full'), 'no /dev/full here')
    def test_full_disk_is_a_sentence_and_status_1(self):
        message = self.cli('analyze', 'm.safetensors', '--out', '/dev/full', status=1).stderr
        self.assertIn('No space' if harness.LOCALE in ('C', 'de_DE.UTF-8') else '', message)
        self.assertIn("'/dev/full'", message)
        for command in ('analyze', 'inspect'):
            with open('/dev/full', 'wb') as full:
                done = subprocess.run([harness.CLI, command, 'm.safetensors'], stdout=full,
                                      stderr=subprocess.PIPE, cwd=self.folder, env=self.env,
                                      timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b'weightscope-cli: ', done.stderr)

    def test_limit_on_file_size_is_a_sentence_and_status_1(self):
        limited = f'ulimit -f 1; exec "{harness.CLI}" analyze sample --fresh --out r.csv'
        done = subprocess.run(['bash', '-c', limited], cwd=self.folder, env=self.env,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"'r.csv'", done.stderr)
        self.assertFalse((self.folder / 'r.csv').exists())

    def test_limit_on_addresses_ends_with_results_or_a_sentence(self):
        """What OpenBLAS asks for in vain it asks for again, for ever: in the middle of a run, and in
        its own threads, which the end of the process would wait for."""
        for megabytes in (200, 300, 450, 600):
            limited = f'ulimit -v {megabytes}000; exec "{harness.CLI}" analyze sample --fresh'
            done = subprocess.run(['bash', '-c', limited], cwd=self.folder, env=self.env,
                                  capture_output=True, timeout=60, check=False)
            if b'Sanitizer' in done.stderr:
                self.skipTest('the sanitizer takes all addresses')
            self.assertIn(done.returncode, (0, 1), (megabytes, done.stderr))
            if done.returncode == 1:
                self.assertIn(b'weightscope-cli: ', done.stderr)

    def test_closed_streams_are_not_taken_by_files(self):
        """Their numbers would go to what is opened first: text printed there once broke off the
        run, and waited for ever when there was more of it."""
        harness.write_safetensors(self.folder / 'many.safetensors', {
            f'w{i}': ('F32', np.eye(2)) for i in range(500)})

        def closed(redirections, *arguments):
            return subprocess.run(
                ['sh', '-c', f'exec "$0" "$@" {redirections}', harness.CLI, *arguments],
                cwd=self.folder, env=self.env, timeout=60, check=False).returncode

        self.assertEqual(closed('<&- 2>&-', 'analyze', 'many.safetensors', '--verbose', '--out',
                                'r.csv'), 0)
        self.assertEqual(len(self.rows((self.folder / 'r.csv').read_text(encoding='utf-8'))), 500)
        self.assertEqual(closed('<&- >&- 2>&-', 'analyze', 'many.safetensors'), 1)

    def test_reader_that_stops_is_no_complaint(self):
        harness.write_safetensors(self.folder / 'many.safetensors', {
            f'w{i}': ('F32', np.eye(2)) for i in range(5000)})
        with subprocess.Popen([harness.CLI, 'inspect', 'many.safetensors'], cwd=self.folder,
                              env=self.env, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            process.stdout.read(10)
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b'')

    def test_unusable_store_costs_no_result(self):
        (self.folder / 'blocked').write_text('a file, not a folder')
        done = self.cli('analyze', 'm.safetensors', WEIGHTSCOPE_DATA=str(self.folder / 'blocked'))
        self.assertIn('w', self.by_name(done.stdout))
        self.assertIn('weightscope-cli: ', done.stderr)

    def test_stderr_is_silent_without_a_terminal(self):
        for arguments in ((), ('--quiet',), ('--out', 'r.csv', '--spectra', 's.npz')):
            self.assertEqual(self.cli('analyze', 'm.safetensors', *arguments).stderr, '')

    def test_verbose_tells_what_was_written(self):
        lines = self.cli('analyze', 'm.safetensors', '--out', 'r.csv', '--spectra', 's.npz',
                         '--verbose').stderr.splitlines()
        self.assertEqual(lines[-2:], ['weightscope-cli: wrote r.csv: 1 row (1 done)',
                                      'weightscope-cli: wrote s.npz: 1 spectrum'])

    def test_verbose_has_a_line_for_each_tensor(self):
        self.assertIn('w: ', self.cli('analyze', 'm.safetensors', '--verbose').stderr)

    def test_verbose_tells_first_what_it_will_take(self):
        first = self.cli('analyze', 'm.safetensors', '--verbose').stderr.splitlines()[0]
        self.assertEqual(first, 'weightscope-cli: 1 tensor to analyse, a few seconds')
        again = self.cli('analyze', 'm.safetensors', '--verbose').stderr
        self.assertNotIn('to analyse', again)


class Terminal(harness.CliTest):
    def on_terminal(self, *arguments, columns=90):
        """What a terminal of that many columns is sent."""
        try:
            master, slave = pty.openpty()
        except OSError as error:
            self.skipTest(f'no terminal can be made here: {error}')
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        with subprocess.Popen([harness.CLI, *arguments], cwd=self.folder, env=self.env,
                              stdout=slave, stderr=slave) as process:
            os.close(slave)
            sent = b''
            while True:
                try:
                    part = os.read(master, 65536)
                except OSError:  # Linux: the other side is closed
                    part = b''
                if not part:
                    break
                sent += part
        os.close(master)
        self.assertEqual(process.returncode, 0)
        return sent.decode().replace('\r\n', '\n')

    def setUp(self):
        super().setUp()
        harness.write_safetensors(self.folder / 'm.safetensors', {
            'model.layers.0.self_attn.a_very_long_name_of_a_module.q_proj.weight':
            ('F32', np.eye(40))})

    def test_progress_is_shown_and_removed(self):
        sent = self.on_terminal('analyze', 'm.safetensors')
        self.assertIn('1/1', sent)
        before, after = sent.rsplit('\r\033[K', 1)
        self.assertIn('layer 0\n', after)
        self.assertNotIn('1/1', after)

    def test_progress_names_the_device_and_fits_the_terminal(self):
        for columns in (40, 60, 90):
            sent = self.on_terminal('analyze', 'm.safetensors', '--device', 'cpu', '--fresh',
                                    columns=columns)
            lines = [part for part in sent.split('\r\033[K') if '1/1' in part]
            self.assertNotEqual(lines, [])
            for line in lines:
                self.assertIn('1/1  CPU', line)
                self.assertLess(len(line), columns)
                self.assertEqual('q_proj.weight' in line, columns == 90, line)

    def test_run_from_the_store_shows_no_progress(self):
        self.cli('analyze', 'm.safetensors')
        self.assertNotIn('\033', self.on_terminal('analyze', 'm.safetensors'))

    def test_file_that_was_written_is_told(self):
        self.assertIn('wrote r.csv: 1 row (1 done)',
                      self.on_terminal('analyze', 'm.safetensors', '--out', 'r.csv'))
        self.assertEqual('', self.on_terminal('analyze', 'm.safetensors', '--out', 'r.csv',
                                              '--quiet'))

    def test_quiet_shows_no_progress(self):
        self.assertNotIn('\033', self.on_terminal('analyze', 'm.safetensors', '--quiet'))

    def test_table_fits_the_terminal(self):
        sent = self.on_terminal('inspect', 'm.safetensors')
        self.assertIn('…', sent)
        self.assertLessEqual(max(map(len, sent.splitlines())), 90)


    def test_table_leaves_out_what_a_narrow_terminal_has_no_room_for(self):
        harness.write_safetensors(self.folder / 'b.safetensors', {
            f'bert.encoder.layer.{i}.attention.self.{role}.weight':
            ('F32', np.diag(np.arange(1., 41.))) for i in range(2) for role in ('key', 'out')})
        wide = self.on_terminal('analyze', 'b.safetensors', columns=200)
        self.assertIn('  bert.encoder.layer.0.attention.self.key.weight  ', wide)
        self.assertIn('  std', wide)
        self.assertNotIn('Not shown', wide)
        narrow = self.on_terminal('analyze', 'b.safetensors', '--quiet', columns=80)
        self.assertLessEqual(max(map(len, narrow.splitlines())), 80)
        self.assertIn('Every name begins with bert.encoder.layer.\n', narrow)
        self.assertIn('  …0.attention.self.key.weight  ', narrow)
        self.assertIn('Not shown for want of room: std', narrow)
        self.assertNotIn('  std', narrow)


class Interruption(harness.CliTest):
    N = 48  # the first are told of after a fifth of a second

    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(3)
        harness.write_safetensors(self.folder / 'm.safetensors', {
            f'layers.{i}.mlp.up_proj.weight': ('F32', rng.standard_normal((500, 500)))
            for i in range(self.N)})

    def stop_after_first_row(self, number, *arguments):
        """Sends the signal once a row is told of. Returns: the exit status."""
        with subprocess.Popen([harness.CLI, 'analyze', 'm.safetensors', '--verbose', '--threads',
                               '1', '--out', 'r.csv', *arguments], cwd=self.folder, env=self.env,
                              stderr=subprocess.PIPE) as process:
            for line in process.stderr:
                if b'up_proj' in line:
                    break
            process.send_signal(number)
            self.n_told = 1 + process.stderr.read().count(b'up_proj')
            return process.wait(60)

    def test_interrupt_keeps_finished_rows(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.assertEqual(self.stop_after_first_row(number), 130)
            n = len(self.rows((self.folder / 'r.csv').read_text(encoding='utf-8')))
            self.assertGreaterEqual(n, 1)
            self.assertLess(n, self.N)

    def test_interrupted_table_tells_how_many_rows_it_lacks(self):
        self.assertEqual(self.stop_after_first_row(signal.SIGINT, '--format', 'table'), 130)
        text = (self.folder / 'r.csv').read_text(encoding='utf-8')
        n = text.count('.up_proj.weight ')
        self.assertIn(f'interrupted: {self.N - n} of {self.N} rows are not computed yet', text)

    def test_kill_loses_nothing_told(self):
        self.check_kill()

    def test_kill_among_many_small_ones_loses_nothing_told(self):
        self.N = 6000
        rng = np.random.default_rng(4)
        weights = [('F32', rng.standard_normal((24, 40))) for _ in range(16)]
        harness.write_safetensors(self.folder / 'm.safetensors', {
            f'layers.{i}.mlp.up_proj.weight': weights[i % 16] for i in range(self.N)})
        self.check_kill()

    def check_kill(self):
        self.assertEqual(self.stop_after_first_row(signal.SIGKILL), -signal.SIGKILL)
        self.assertFalse((self.folder / 'r.csv').exists())
        done = self.cli('analyze', 'm.safetensors', '--verbose', SOURCE_DATE_EPOCH='0')
        taken = int(done.stderr.split(' taken from the result store')[0].split()[-2])
        computed = done.stderr.count('up_proj')
        self.assertGreaterEqual(taken, self.n_told)
        self.assertLess(taken, self.N)
        self.assertEqual(taken + computed, self.N)
        fresh = self.cli('analyze', 'm.safetensors', '--fresh', SOURCE_DATE_EPOCH='0')
        self.assertEqual(done.stdout, fresh.stdout)

    def test_second_run_computes_nothing(self):
        self.cli('analyze', 'm.safetensors', '--out', 'r.csv')
        done = self.cli('analyze', 'm.safetensors', '--verbose', '--out', 'r.csv')
        self.assertEqual(done.stderr.count('up_proj'), 0)
        done = self.cli('analyze', 'm.safetensors', '--verbose', '--fresh', '--out', 'r.csv')
        self.assertEqual(done.stderr.count('up_proj'), self.N)

    def test_two_at_once_agree(self):
        arguments = [harness.CLI, 'analyze', 'm.safetensors', '--threads', '1']
        env = {**self.env, 'SOURCE_DATE_EPOCH': '0'}
        both = [subprocess.Popen(arguments, cwd=self.folder, env=env, stdout=subprocess.PIPE)
                for _ in range(2)]
        texts = [process.communicate(timeout=100)[0] for process in both]
        self.assertEqual([process.returncode for process in both], [0, 0])
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(len(self.rows(texts[0].decode())), self.N)


if __name__ == '__main__':
    harness.main()
