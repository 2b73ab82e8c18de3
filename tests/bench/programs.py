# SPDX-License-Identifier: MIT
"""The programs that are compared. Each is given a row (a file with its matrices) and gives back a
Sample, or raises Unavailable with the reason.

This process stays small and has no numpy: a child's peak memory begins with that of its parent."""
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import machine
import plan as plans

HERE = pathlib.Path(__file__).resolve().parent
OURS = 'ours'


class Unavailable(Exception):
    """Why a program cannot be measured here."""


@dataclasses.dataclass
class Sample:
    """One measurement. @share: of the row's work that was done, the times are of that share;
    @others: the CPU seconds of other programs meanwhile, of @capacity."""
    seconds: float
    cpu_seconds: float
    peak_kb: int
    share: float = 1.0
    others: float = 0.0
    capacity: float = 0.0
    details: dict = None

    @property
    def whole_seconds(self):
        return self.seconds / self.share


@dataclasses.dataclass
class Row:
    """@items: (offset in the file, rows, columns); @peer_items: those that peers are given."""
    subject: object
    path: pathlib.Path
    items: list
    peer_items: list
    unit_size: int
    peer_seconds: float
    values: pathlib.Path

    @property
    def is_matrix(self):
        return len(self.items) == 1

    @property
    def has_many_small(self):
        return not self.is_matrix and all(min(n_rows, n_cols) <= plans.BATCH_SIDE
                                          for _, n_rows, n_cols in self.items)

    @property
    def has_wide(self):
        return any(n_rows < n_cols for _, n_rows, n_cols in self.items)


def run_measured(command, environment=None):
    """stdout, and the Sample of the whole process."""
    machine.reset_peak()
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                                   stderr=errors, env=environment)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        if process.returncode != 0:
            errors.seek(0)
            lines = errors.read().decode(errors='replace').strip().splitlines()
            raise Unavailable(lines[-1] if lines else f'exit status {process.returncode}')
    return output, Sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


class Ours:
    """A matrix by bench-spectra, a model by weightscope-cli analyze with an empty result store."""

    def __init__(self, build, threads, device='cpu'):
        self.spectra = build / 'tests' / 'bench' / 'bench-spectra'
        self.cli = build / 'src' / 'weightscope-cli'
        self.threads, self.device = threads, device
        self.key = OURS if device == 'cpu' else f'{OURS}-{device}'
        self.title = 'ours' if device == 'cpu' else f'ours ({device})'

    def check(self):
        """Whether the device can be opened: any matrix will do."""
        if self.device == 'cpu':
            return
        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes(2 * 64 * 64))
            file.flush()
            run_measured([self.spectra, '--device', self.device, 'BF16', '64x64', file.name])

    def describe(self):
        output, _ = run_measured([self.cli, '--version'])
        return ' · '.join(line.strip() for line in output.decode().splitlines() if line.strip())

    def runs(self, row):
        return True

    def measure(self, row):
        return self.measure_matrix(row) if row.is_matrix else self.measure_model(row)

    def measure_matrix(self, row):
        _, n_rows, n_cols = row.items[0]
        where = (['--values', row.values] if self.device == 'cpu' else ['--device', self.device])
        command = [self.spectra, '--workers', self.threads, *where, 'BF16', f'{n_rows}x{n_cols}',
                   row.path]
        output, sample = run_measured(command)
        item, batch = map(json.loads, output.splitlines())
        return dataclasses.replace(sample, seconds=batch['seconds'], peak_kb=batch['peak_kb'],
                                   details=item)

    def measure_model(self, row):
        with tempfile.TemporaryDirectory(dir=row.path.parent) as store:
            results = pathlib.Path(store, 'results.csv')
            _, sample = run_measured(
                [self.cli, 'analyze', row.path, '--out', results, '--quiet', '--threads',
                 self.threads, '--device', self.device],
                {**os.environ, 'WEIGHTSCOPE_DATA': store, 'LC_ALL': 'C'})
            if self.device != 'cpu' and f',{self.device},' not in results.read_text('utf-8'):
                raise Unavailable('no matrix was computed there')
        return sample


class ColdOurs(Ours):
    """The same with none of the file in the page cache."""

    def __init__(self, build, threads):
        super().__init__(build, threads)
        self.key, self.title = f'{OURS}-cold', 'ours (cold)'

    def runs(self, row):
        return not row.is_matrix

    def measure(self, row):
        machine.drop_from_cache(row.path)
        return self.measure_model(row)


class StartedCuda(Ours):
    """The matrices of a layer by bench-spectra on a GPU that is in use already, as it is for the
    calls of torch."""

    def __init__(self, build, threads):
        super().__init__(build, threads, 'cuda')
        self.key, self.title = f'{OURS}-cuda-started', 'ours (cuda, started)'

    def runs(self, row):
        return 1 < len(row.items) <= 8

    def measure(self, row):
        command = [self.spectra, '--device', self.device]
        for offset, n_rows, n_cols in row.items:
            command += ['BF16', f'{n_rows}x{n_cols}@{offset}', row.path]
        output, sample = run_measured(command)
        batch = json.loads(output.splitlines()[-1])
        return dataclasses.replace(sample, seconds=batch['seconds'], peak_kb=batch['peak_kb'])


class Lapack:
    """Values only, by the LAPACK that this program was built with, on all threads."""

    def __init__(self, build, threads, routine):
        self.program = build / 'tests' / 'bench' / 'bench-lapack'
        self.threads, self.key, self.title = threads, routine, f"{routine} 'N'"

    def check(self):
        if not self.program.exists():
            raise Unavailable('not built')

    def describe(self):
        return f'LAPACK of {run_measured([self.program])[0].decode().strip()}'

    def runs(self, row):
        return True

    def measure(self, row):
        command = [self.program, self.key, self.threads, row.path, row.unit_size,
                   row.peer_seconds or 0, row.values if row.is_matrix else '']
        for offset, n_rows, n_cols in row.peer_items:
            command += [offset, n_rows, n_cols]
        output, sample = run_measured(command)
        said = json.loads(output)
        return dataclasses.replace(sample, seconds=said['seconds'], peak_kb=said['peak_kb'],
                                   share=said['n_items'] / len(row.items))


class Server:
    """A peer.py that goes on running, shared by all that it computes."""

    def __init__(self, name, threads):
        self.name, self.threads = name, threads
        self.process, self.about = None, None

    def start(self):
        if self.about is None:
            limits = {key: str(self.threads) for key in
                      ('OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'OPENBLAS_NUM_THREADS')}
            self.process = subprocess.Popen(
                [sys.executable, '-B', str(HERE / 'peer.py'), self.name, str(self.threads)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **limits})
            self.about = self.read()
        if 'missing' in self.about:
            raise Unavailable(self.about['missing'])

    def read(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {'missing': f'{self.name} was stopped'}

    def ask(self, request):
        self.start()
        try:
            self.process.stdin.write(json.dumps(request).encode() + b'\n')
            self.process.stdin.flush()
            reply = self.read()
        except BrokenPipeError:
            reply = {'missing': f'{self.name} was stopped'}
        if 'missing' in reply:
            self.about = reply
        reason = reply.get('missing') or reply.get('error')
        if reason:
            raise Unavailable(reason)
        return reply

    def stop(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()


class Peer:
    """One function of a Server. @tall: wide matrices are transposed first, which counts. @batch:
    matrices of a shape are given to it together."""

    def __init__(self, server, key, what, title, tall=False, batch=False):
        self.server, self.key, self.what, self.title = server, key, what, title
        self.tall, self.batch = tall, batch

    def check(self):
        self.server.start()

    def describe(self):
        return f'{self.server.about["version"]} ({self.server.about["blas"]})'

    def runs(self, row):
        if self.batch:
            return row.has_many_small
        return row.has_wide or not self.tall

    def measure(self, row):
        reply = self.server.ask(
            {'what': self.what, 'tall': self.tall, 'key': self.key, 'path': str(row.path),
             'items': row.peer_items, 'unit': row.unit_size, 'limit': row.peer_seconds,
             'batch': self.batch,
             'values': str(row.values) if row.is_matrix else None})
        return Sample(reply['seconds'], reply['cpu_seconds'], reply['peak_kb'],
                      reply['n_items'] / len(row.items))


def make_programs(build, threads):
    """All of them, and what must be stopped at the end."""
    torch, cuda, numpy = (Server(name, threads) for name in ('torch', 'torch-cuda', 'numpy'))
    programs = [
        Ours(build, threads),
        ColdOurs(build, threads),
        Peer(torch, 'svdvals', 'svdvals', 'torch svdvals'),
        Peer(torch, 'svdvals-tall', 'svdvals', 'torch svdvals (tall)', tall=True),
        Peer(torch, 'svd', 'svd', 'torch svd'),
        Peer(torch, 'svd-tall', 'svd', 'torch svd (tall)', tall=True),
        Peer(torch, 'svdvals-batch', 'svdvals', 'torch svdvals (tall, batched)', True, True),
        Peer(numpy, 'numpy', 'svd', 'NumPy'),
        Peer(numpy, 'numpy-batch', 'svd', 'NumPy (batched)', batch=True),
        Lapack(build, threads, 'dgesdd'),
        Lapack(build, threads, 'sgesdd'),
        Ours(build, threads, 'cuda'),
        StartedCuda(build, threads),
        Peer(cuda, 'cuda-svdvals', 'svdvals', 'torch CUDA svdvals'),
        Peer(cuda, 'cuda-svdvals-gesvd', 'svdvals-gesvd', 'torch CUDA svdvals (gesvd)'),
        Peer(cuda, 'cuda-svd', 'svd', 'torch CUDA svd'),
    ]
    return programs, (torch, cuda, numpy)
