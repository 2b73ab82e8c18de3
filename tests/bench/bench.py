#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Singular values of single matrices and of whole models: ours against torch, NumPy and LAPACK, in
turns, in one run. See README.md beside this file."""
import argparse
import contextlib
import dataclasses
import datetime
import importlib.util
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time
import venv

import accuracy
import machine
import plan as plans
import programs as peers
import report

HERE = pathlib.Path(__file__).resolve().parent
SEED = 2024
SHORT_SECONDS = 0.5
PEAK_MSEC = 500
READ_BLOCKS = 128  # 1 GB
INSIDE = 'WEIGHTSCOPE_BENCH_INSIDE'


def tell(text):
    print(text, file=sys.stderr, flush=True)


def find_python(build):
    """The interpreter that is to have torch and numpy: the one named, or a virtual environment that
    is made on first use, or this one if that cannot be."""
    named = os.environ.get('WEIGHTSCOPE_BENCH_PYTHON')
    if named:
        return named
    folder = build / 'venv'
    python = folder / 'bin' / 'python'
    if not (folder / '.complete').exists():
        tell(f'installing torch and numpy in {folder}; this takes some minutes')
        try:
            venv.create(folder, with_pip=True, clear=True)
            subprocess.run([python, '-m', 'pip', 'install', '--quiet', 'torch', 'numpy'],
                           check=True, stdout=sys.stderr)
        except (OSError, subprocess.CalledProcessError) as error:
            tell(f'they could not be installed ({error}): going on with {sys.executable}')
            return sys.executable
        (folder / '.complete').touch()
    return str(python)


def write_header(path, items):
    """That of a safetensors file; returns the offset of every matrix."""
    header, offsets, end = {}, [], 0
    for name, n_rows, n_cols in items:
        offsets.append(end)
        end += 2 * n_rows * n_cols
        header[name] = {'dtype': 'BF16', 'shape': [n_rows, n_cols],
                        'data_offsets': [offsets[-1], end]}
    text = json.dumps(header).encode()
    text += b' ' * (-(8 + len(text)) % 64)
    path.write_bytes(len(text).to_bytes(8, 'little') + text)
    return [8 + len(text) + offset for offset in offsets]


def make_row(folder, subject):
    """Writes the matrices of a Matrix or a Model."""
    is_model = isinstance(subject, plans.Model)
    items = subject.items
    path = folder / ('model.safetensors' if is_model else 'matrix')
    offsets = write_header(path, items) if is_model else [0]
    shapes = [(n_rows, n_cols) for _, n_rows, n_cols in items]
    subprocess.run([sys.executable, '-B', HERE / 'weights.py', path, str(SEED)], check=True,
                   input=json.dumps(shapes).encode())
    values = folder / 'values'
    values.mkdir()
    located = [(offset, *shape) for offset, shape in zip(offsets, shapes)]
    if not is_model:
        return peers.Row(subject, path, located, located, 1, None, values)
    unit = len(subject.unit)
    return peers.Row(subject, path, located, located[:unit * subject.peer_units], unit,
                     subject.peer_seconds, values)


@dataclasses.dataclass
class Result:
    """What was measured of a row. @samples: {program key: [Sample]}; @reasons: {key: why not}"""
    subject: object
    samples: dict
    reasons: dict
    accuracy: dict = None

    def get_others_share(self):
        """Of the machine; None: too short to be told from our own overhead."""
        samples = [sample for samples in self.samples.values() for sample in samples]
        if sum(sample.seconds for sample in samples) < SHORT_SECONDS:
            return None
        return sum(s.others for s in samples) / sum(s.capacity for s in samples)


class Bench:
    def __init__(self, programs, arguments, folder):
        self.programs, self.arguments, self.folder = programs, arguments, folder
        self.missing = {}

    def check_programs(self):
        for program in self.programs:
            try:
                program.check()
            except peers.Unavailable as reason:
                self.missing[program.key] = str(reason)
                tell(f'{program.title}: not measured: {reason}')

    def choose(self, row, result):
        """The programs for a row; of the others that they are not asked, or why."""
        allowed = row.subject.peers
        for program in self.programs:
            if program.key in self.missing or not program.runs(row):
                continue
            if allowed and program.key not in allowed and not program.key.startswith(peers.OURS):
                result.reasons[program.key] = 'takes long: only with --full'
                continue
            yield program

    def measure(self, program, row, result):
        with machine.Others() as others:
            try:
                sample = program.measure(row)
            except peers.Unavailable as reason:
                result.reasons[program.key] = str(reason)
                tell(f'{row.subject.name}: {program.title}: {reason}')
                return
        sample.others = others.get_cpu_seconds(sample.cpu_seconds)
        sample.capacity = others.get_capacity()
        result.samples.setdefault(program.key, []).append(sample)
        tell(f'{row.subject.name}: {program.title}: {sample.whole_seconds:.3f} s')

    def measure_row(self, subject, n_rounds, row_seconds):
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            row = make_row(pathlib.Path(name), subject)
            result = Result(subject, {}, {})
            chosen = list(self.choose(row, result))
            start = time.perf_counter()
            for i in range(n_rounds):
                if i > 0 and time.perf_counter() - start > row_seconds:
                    break
                for program in chosen:
                    if program.key not in result.reasons:
                        self.measure(program, row, result)
            if row.is_matrix and peers.OURS in result.samples:
                found = result.samples[peers.OURS][-1].details
                result.accuracy = accuracy.compare(row.values, subject, found)
            return result


def measure_machine(arguments, folder):
    """Peak and bandwidth."""
    facts = machine.measure_peak(arguments.build, arguments.threads,
                                 PEAK_MSEC // arguments.shrink)
    path = folder / 'read'
    block = os.urandom(machine.READ_BYTES)
    with open(path, 'wb') as file:
        for _ in range(max(READ_BLOCKS // arguments.shrink, 1)):
            file.write(block)
    machine.drop_from_cache(path)
    facts['read_cold'] = machine.measure_read(path, arguments.threads)
    facts['read_warm'] = machine.measure_read(path, arguments.threads)
    path.unlink()
    return facts


def describe_run(arguments, programs, missing):
    described = {}
    for program in programs:
        if program.key not in missing:
            described.setdefault(program.describe(), []).append(program.title)
    return {
        'date': datetime.datetime.now(datetime.timezone.utc).isoformat(timespec='seconds'),
        'processor': machine.describe_processor(),
        'memory_gb': machine.get_memory_bytes() / 1e9,
        'system': platform.platform(),
        'threads': arguments.threads,
        'load': os.getloadavg()[0],
        'options': ' '.join(sys.argv[2:]) or 'default',
        'programs': {', '.join(titles): text for text, titles in described.items()},
    }


def run(arguments, plan):
    arguments.out.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix='data-', dir=arguments.out)))
        programs, servers = peers.make_programs(arguments.build, arguments.threads)
        for server in servers:
            stack.callback(server.stop)
        bench = Bench(programs, arguments, folder)
        bench.check_programs()
        facts = describe_run(arguments, programs, bench.missing)
        facts['machine'] = [measure_machine(arguments, folder)]
        results = []
        for subject in (*plan.matrices, *plan.models):
            results.append(bench.measure_row(subject, plan.n_rounds, plan.row_seconds))
            report.write(arguments.out, facts, programs, results, bench.missing)
        facts['machine'].append(measure_machine(arguments, folder))
    print(report.write(arguments.out, facts, programs, results, bench.missing))
    return 0 if all(peers.OURS in result.samples for result in results) else 1


def parse_arguments():
    parser = argparse.ArgumentParser(prog='./dev bench', description=__doc__)
    parser.add_argument('build', type=pathlib.Path, help=argparse.SUPPRESS)
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument('--quick', action='store_true', help='small shapes, about a minute')
    modes.add_argument('--full', action='store_true', help='every peer on every row, hours')
    parser.add_argument('--only', metavar='TEXT', default='',
                        help='only rows whose name contains TEXT, e.g. MoE or 4096')
    parser.add_argument('--threads', type=int, default=machine.count_cores(),
                        help='of ours and of every peer (all cores)')
    parser.add_argument('--rounds', type=int, help='at most, for each row (3; 5 with --full)')
    parser.add_argument('--out', type=pathlib.Path, metavar='FOLDER',
                        default=HERE.parent.parent / 'build' / 'bench',
                        help='for bench.md, bench.csv and, meanwhile, the weights (build/bench)')
    parser.add_argument('--shrink', type=int, default=1, metavar='N',
                        help='divide all sides by N, to see that everything runs')
    return parser.parse_args()


def make_plan(arguments):
    plan = (plans.quick_plan() if arguments.quick else
            plans.full_plan() if arguments.full else plans.default_plan())
    plan = plans.select(plans.shrink(plan, arguments.shrink), arguments.only)
    return dataclasses.replace(plan, n_rounds=arguments.rounds or plan.n_rounds)


def main():
    arguments = parse_arguments()
    arguments.build = arguments.build.resolve()
    if os.environ.get(INSIDE) != '1':
        python = find_python(arguments.build)
        os.execve(python, [python, '-B', *sys.argv], {**os.environ, INSIDE: '1'})
    if importlib.util.find_spec('numpy') is None:
        sys.exit(f'bench.py: the weights are made with NumPy, which {sys.executable} does not have')
    return run(arguments, make_plan(arguments))


if __name__ == '__main__':
    sys.exit(main())
