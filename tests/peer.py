# SPDX-License-Identifier: MIT
"""A Python that has the packages whose answers ours are compared with."""
import os
import pathlib
import subprocess
import sys
import tempfile


def can_import(python, modules):
    return subprocess.run([python, '-c', 'import ' + ', '.join(modules)], capture_output=True,
                          check=False).returncode == 0


def find(name, modules, packages, variable):
    """(path, None) of a Python that can import @modules, or (None, reason).

    It is the one that @variable of the environment names, else this one, else that of the virtual
    environment @name in the build folder, into which @packages are put the first time."""
    given = os.environ.get(variable, sys.executable)
    if can_import(given, modules):
        return given, None
    folder = pathlib.Path(os.environ.get('G_TEST_BUILDDIR', tempfile.gettempdir()), name)
    python = str(folder / 'bin' / 'python')
    if os.path.exists(python) and can_import(python, modules):
        return python, None
    for command in ([sys.executable, '-m', 'venv', '--clear', str(folder)],
                    [python, '-m', 'pip', 'install', '--quiet', '--retries', '0', '--timeout', '5',
                     *packages]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return None, str(error)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            return None, ' '.join([', '.join(packages), 'cannot be installed:', *last])
    return python, None
