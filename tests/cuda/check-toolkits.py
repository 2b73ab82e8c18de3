#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check-toolkits.py CLI STANDIN CC...: what NVIDIA's own files say of ours, without a GPU.

In each folder of WEIGHTSCOPE_CUDA_TOOLKITS (else in /usr/local/cuda), a toolkit or a virtual
environment with NVIDIA's packages, whatever is there is used: the headers against our prototypes,
ptxas on our kernels for every GPU that it knows, the libraries through our loader with the stand-in
driver STANDIN, and a driver, which is to find no GPU. Nothing is downloaded. Exit status 77, with a
reason, where there is no such folder."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = ('cuda.h', 'cublas_v2.h', 'cusolverDn.h')
NEEDED = ('nvJitLink', 'cublasLt', 'cublas', 'cusparse', 'cusolver')
LEAST_TARGET = 50
MOST_REGISTERS = 32  # for all threads that a multiprocessor holds, 2048, from 65536 registers
MOST_SECONDS = 30
SKIPPED = 77


def find(folder, name):
    return sorted(path for path in folder.rglob(name) if path.is_file() and 'stubs' not in path.parts)


def run(command, **keywords):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                          timeout=10 * MOST_SECONDS, **keywords)


class Checker:
    def __init__(self, cli, standin, compiler, scratch):
        self.cli, self.standin, self.compiler = pathlib.Path(cli).resolve(), pathlib.Path(standin).resolve(), compiler
        self.scratch = scratch

    def check_headers(self, folder):
        found = [find(folder, name) for name in HEADERS]
        if not all(found):
            return 'no headers'
        includes = {str(path.parent) for path in find(folder, 'cuda_runtime_api.h')}
        includes |= {str(paths[0].parent) for paths in found}
        flags = run(['pkg-config', '--cflags', 'glib-2.0']).stdout.split()
        done = run([*self.compiler, '-std=gnu17', '-fsyntax-only', *flags, f'-I{ROOT / "src"}',
                    *(word for path in sorted(includes) for word in ('-isystem', path)),
                    ROOT / 'src/cuda/cuda-check.c'])
        assert done.returncode == 0, done.stderr
        version = int(re.search(r'#define CUDA_VERSION (\d+)', found[0][0].read_text())[1])
        return f'headers of {version // 1000}.{version % 1000 // 10} agree'

    def check_kernels(self, folder):
        tools = find(folder, 'ptxas')
        if not tools:
            return 'no ptxas'
        text = (ROOT / 'src/cuda/cuda-kernels-ptx.h').read_text()
        ptx = self.scratch / 'kernels.ptx'
        ptx.write_text('\n'.join(re.findall(r'^  "(.*)\\n"', text, re.M)) + '\n')
        known = {int(n) for n in re.findall(r"'sm_(\d+)'", run([tools[0], '--help']).stdout)}
        targets = sorted(n for n in known if n >= LEAST_TARGET)
        assert targets, 'ptxas names no GPU'
        registers = 0
        for target in targets:
            done = run([tools[0], '--warning-as-error', '-v', f'-arch=sm_{target}', ptx, '-o', self.scratch / 'cubin'])
            assert done.returncode == 0, (target, done.stderr)
            counts = [int(n) for n in re.findall(r'Used (\d+) registers', done.stderr)]
            spills = re.findall(r'(\d+) bytes spill', done.stderr)
            assert counts and set(spills) == {'0'}, (target, done.stderr)
            registers = max(registers, *counts)
        assert registers <= MOST_REGISTERS, registers
        return f'ptxas takes the kernels for sm_{targets[0]} to sm_{targets[-1]}, at most {registers} registers'

    def ask_program(self, **variables):
        env = {name: value for name, value in os.environ.items() if not name.startswith(('CUDA', 'CONDA', 'VIRTUAL'))}
        env.update({'LC_ALL': 'C', 'WEIGHTSCOPE_DATA': str(self.scratch / 'data')}, **variables)
        began = time.monotonic()
        done = run([self.cli, '--version'], env=env)
        assert done.returncode == 0, done.stderr
        assert time.monotonic() - began < MOST_SECONDS
        return done.stdout

    def check_libraries(self, folder):
        if not find(folder, 'libcublas.so.1[23]'):
            return 'no libraries'
        driver = self.scratch / 'driver'  # alone: the other stand-ins lie beside it
        driver.mkdir(exist_ok=True)
        if not (driver / 'libcuda.so.1').exists():
            (driver / 'libcuda.so.1').symlink_to(self.standin / 'libcuda.so.1')
        for old in self.scratch.glob('ld.*'):
            old.unlink()
        text = self.ask_program(WEIGHTSCOPE_CUDA_PATH=str(folder), LD_LIBRARY_PATH=str(driver), LD_DEBUG='files',
                                LD_DEBUG_OUTPUT=str(self.scratch / 'ld'))
        match = re.search(r'(cuBLAS \S+ and cuSOLVER \S+ of CUDA 1[23]) in (\S+)', text)
        assert match and 'GPU 0: ' in text, text
        log = ''.join(path.read_text() for path in self.scratch.glob('ld.*'))
        opened = {pathlib.Path(path) for path in re.findall(r'calling init: (\S+)', log)}
        for name in NEEDED:
            paths = [path for path in opened if path.name.startswith(f'lib{name}.so.')]
            assert len(paths) == 1 and paths[0].resolve().is_relative_to(folder), (name, paths)
        return f'{match[1]} are opened, with what they need'

    def check_driver(self, folder):
        drivers = find(folder, 'libcuda.so.1')
        if not drivers:
            return 'no driver'
        text = self.ask_program(LD_LIBRARY_PATH=str(drivers[0].parent))
        assert 'the NVIDIA driver finds no GPU' in text or 'GPU 0: ' in text, text
        return text.strip().splitlines()[-1]


def main(cli, standin, *compiler):
    named = os.environ.get('WEIGHTSCOPE_CUDA_TOOLKITS', '/usr/local/cuda').split(':')
    folders = [pathlib.Path(name).resolve() for name in named if name and os.path.isdir(name)]
    if not folders:
        print('skipped: no folder with files of NVIDIA in WEIGHTSCOPE_CUDA_TOOLKITS')
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix='weightscope-') as name:
        checker = Checker(cli, standin, compiler, pathlib.Path(name))
        for folder in folders:
            for check in (checker.check_headers, checker.check_kernels, checker.check_libraries, checker.check_driver):
                print(f'{folder}: {check(folder)}', flush=True)
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
