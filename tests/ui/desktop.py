# SPDX-License-Identifier: MIT
"""A desktop for one test: X server, session bus, accessibility and window manager, clean folders
of a user, and the program on it. Nothing of it outlives close()."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

POLL_SECONDS = 0.03
WAIT_SECONDS = 60
PROGRAMS = ('Xvfb', 'openbox', 'dbus-daemon')
LAUNCHER = '/usr/libexec/at-spi-bus-launcher'
# A line of the log with one of these is a fault of the program.
FAULTS = re.compile(r'-(CRITICAL|WARNING|ERROR) \*\*|\(.*:\d+\): [\w-]+-(CRITICAL|WARNING)|'
                    r'Sanitizer|runtime error:')
# The bus starts nothing but what makes the window accessible: no portal, no keyring.
BUS = '''<busconfig><type>session</type><listen>unix:path={0}/bus</listen><auth>EXTERNAL</auth>
<servicedir>{0}/services</servicedir><policy context="default"><allow send_destination="*"
eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'''
SERVICE = '''[D-BUS Service]
Name=org.a11y.Bus
Exec={0}
'''
SETTINGS = '''[Settings]
gtk-theme-name=Adwaita
gtk-application-prefer-dark-theme={dark}
gtk-enable-animations=0
gtk-cursor-blink=0
gtk-font-name=DejaVu Sans 10
gtk-xft-antialias=1
gtk-xft-rgba=none
gtk-xft-dpi=98304
'''


def find_lack():
    """What is not here and would be needed; None: nothing."""
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    if not os.path.exists(LAUNCHER):
        lacking.append(LAUNCHER)
    for module in ('gi', 'Xlib'):
        try:
            __import__(module)
        except ImportError:
            lacking.append(f"Python's {module}")
    return ', '.join(lacking) or None


def wait_until(condition, what, seconds=WAIT_SECONDS):
    """The first true value of @condition; TimeoutError with @what after that time."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f'waited {seconds} s in vain for {what}')
        time.sleep(POLL_SECONDS)


class Desktop:
    def __init__(self, size=(1240, 800), dark=False, **env):
        self.size = size
        self.scratch = tempfile.TemporaryDirectory(prefix='weightscope-desktop-')
        self.folder = pathlib.Path(self.scratch.name)
        self.processes, self.program = [], None
        self.env = {name: value for name, value in os.environ.items()
                    if name in ('PATH', 'LD_LIBRARY_PATH', 'TZ') or name.endswith('SAN_OPTIONS')}
        try:
            self.make_home(dark)
            self.env.update(env)
            self.start_display()
            self.start_buses()
            self.start('openbox', '--sm-disable')
        except BaseException:
            self.close()
            raise

    def make_home(self, dark):
        for name in ('home', 'config', 'data', 'cache', 'state', 'run', 'services', 'results'):
            os.mkdir(self.folder / name, mode=0o700)
        os.mkdir(self.folder / 'config' / 'gtk-4.0')
        (self.folder / 'config' / 'gtk-4.0' / 'settings.ini').write_text(
            SETTINGS.format(dark=int(dark)))
        self.env.update(
            HOME=f'{self.folder}/home', XDG_CONFIG_HOME=f'{self.folder}/config',
            XDG_DATA_HOME=f'{self.folder}/data', XDG_CACHE_HOME=f'{self.folder}/cache',
            XDG_STATE_HOME=f'{self.folder}/state', XDG_RUNTIME_DIR=f'{self.folder}/run',
            WEIGHTSCOPE_DATA=f'{self.folder}/results', XDG_CURRENT_DESKTOP='test',
            GDK_BACKEND='x11', GDK_DEBUG='gl-disable', GSK_RENDERER='cairo', GTK_A11Y='atspi',
            GTK_IM_MODULE='gtk-im-context-simple', GIO_USE_VFS='local', NO_AT_BRIDGE='1',
            GSETTINGS_BACKEND='keyfile', G_DEBUG='fatal-criticals', LC_ALL='C.UTF-8')

    def start(self, *command, **options):
        quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}
        process = subprocess.Popen(list(map(str, command)), env=self.env, start_new_session=True,
                                   **{**quiet, **options})
        self.processes.append(process)
        return process

    def start_display(self):
        # The server chooses a free number itself: no race with another test.
        reader, writer = os.pipe()
        self.start('Xvfb', '-displayfd', writer, '-screen', '0', f'{self.size[0]}x{self.size[1]}x24',
                   '-dpi', '96', '-nolisten', 'tcp', '-noreset', pass_fds=(writer,))
        os.close(writer)
        with os.fdopen(reader) as lines:
            number = lines.readline().strip()
        if not number:
            raise RuntimeError('Xvfb did not start')
        self.env['DISPLAY'] = f':{number}'

    def start_buses(self):
        (self.folder / 'bus.conf').write_text(BUS.format(self.folder))
        (self.folder / 'services' / 'org.a11y.Bus.service').write_text(SERVICE.format(LAUNCHER))
        self.env['DBUS_SESSION_BUS_ADDRESS'] = f'unix:path={self.folder}/bus'
        self.start('dbus-daemon', f'--config-file={self.folder}/bus.conf', '--nofork', '--nopidfile')
        wait_until((self.folder / 'bus').exists, 'the session bus')
        self.start(LAUNCHER, '--launch-immediately')

    def start_program(self, *command):
        with open(self.folder / 'log', 'ab') as log:
            self.program = self.start(*command, cwd=self.env['HOME'], stdout=log,
                                      stderr=subprocess.STDOUT)

    def read_log(self):
        path = self.folder / 'log'
        return path.read_text(errors='replace') if path.exists() else ''

    def wait_for_end(self, seconds=30):
        """Of the program, which was asked to end: with status 0 and no complaint of its own."""
        status = self.program.wait(seconds)
        faults = [line for line in self.read_log().splitlines() if FAULTS.search(line)]
        if status != 0 or faults:
            raise AssertionError(f'the program ended with {status}:\n' + '\n'.join(faults[:20]))

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()
        self.scratch.cleanup()
