#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cuda-kernels.cu -> cuda-kernels-ptx.h, with nvcc. --check compares instead of writing (77: no nvcc).

nvcc declares the newest PTX that it knows, which drivers older than itself refuse, and the lowest
GPU that it still compiles for. The kernels use nothing so new: the two declarations are lowered, and
ptxas, which refuses what a declared version does not have, compiles the result for every GPU it knows.
"""
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
SOURCE = FOLDER / 'cuda-kernels.cu'
HEADER = FOLDER / 'cuda-kernels-ptx.h'
VERSION, TARGET = '6.0', 'sm_50'
SKIPPED = 77


def ask(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def architectures(nvcc):
    return sorted((int(n) for n in re.findall(r'compute_(\d+)', ask(nvcc, '--list-gpu-arch'))))


def release(nvcc):
    return re.search(r'release ([\d.]+)', ask(nvcc, '--version')).group(1)


def compile_ptx(nvcc, ptxas):
    known = architectures(nvcc)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / 'kernels.ptx'
        ask(nvcc, f'-arch=compute_{known[0]}', '-ptx', str(SOURCE), '-o', str(path))
        lines = (re.sub(r'\s+', ' ', line.split('//')[0]).strip() for line in path.read_text().splitlines())
        text = '\n'.join(line for line in lines if line) + '\n'
        text = re.sub(r'\.version \S+', f'.version {VERSION}', text, count=1)
        text = re.sub(r'\.target \S+', f'.target {TARGET}', text, count=1)
        path.write_text(text)
        for n in known:
            ask(ptxas, '--warning-as-error', f'-arch=sm_{n}', str(path), '-o', f'{folder}/kernels.cubin')
    return text


def source_sum():
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()


def as_header(text, nvcc_release):
    rows = '\n'.join(f'  "{line}\\n"' for line in text.splitlines())
    return f'''/* SPDX-License-Identifier: MIT */
/* Made by make-ptx.py with nvcc {nvcc_release} from cuda-kernels.cu, which had this SHA-256:
 * {source_sum()} */
#pragma once

/* clang-format off */
static const char ws_cuda_kernels_ptx[] =
{rows};
/* clang-format on */
'''


def check(nvcc, ptxas):
    present = HEADER.read_text()
    if source_sum() not in present:
        return f'{HEADER.name} is not made from this {SOURCE.name}: meson compile -C build update-kernels'
    if not nvcc or not ptxas:
        print('the source is the one that was compiled; no nvcc to compile it again')
        return SKIPPED
    made_by = re.search(r'with nvcc ([\d.]+) ', present).group(1)
    if as_header(compile_ptx(nvcc, ptxas), made_by) == present:
        return 0
    if made_by != release(nvcc):
        print(f'made by nvcc {made_by}, of which {release(nvcc)} makes something else')
        return SKIPPED
    return f'{HEADER.name} is not what nvcc makes of {SOURCE.name}'


def main():
    *options, nvcc, ptxas = sys.argv[1:]
    if options == ['--check']:
        return check(nvcc, ptxas)
    if not nvcc or not ptxas:
        return 'needs nvcc and ptxas, of a CUDA toolkit'
    HEADER.write_text(as_header(compile_ptx(nvcc, ptxas), release(nvcc)))
    return 0


if __name__ == '__main__':
    sys.exit(main())
