#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every sentence of the sources is translated into every language of po/LINGUAS.

usage: check-translations.py [--update] SOURCE_ROOT XGETTEXT_ARGUMENT...

Names each source that po/POTFILES lacks or lists without need, and each message that is missing,
fuzzy, no longer in the sources, or whose printf formats differ. With --update, writes po/POTFILES
and brings the .po files up to date instead, leaving what is new untranslated.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCES = ['src/**/*.[ch]', 'ui/**/*.[ch]', 'ui/**/*.ui', 'resources/*.ui', 'resources/*.desktop.in',
           'resources/*.metainfo.xml.in']
MESSAGE = re.compile(r'^msgid "', re.MULTILINE)


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f'{command[0]}: {done.stderr.strip()}')
    return done.stdout


def extract(root, options, files):
    """Returns: the template of @files as text, empty if they have no messages."""
    if not files:
        return ''
    return run('xgettext', *options, '--force-po', '--directory', root, '--output', '-', *files)


def has_messages(root, options, file):
    # The header is a message too.
    return len(MESSAGE.findall(extract(root, options, [file]))) > 1


def find_sources(root, options):
    files = sorted(str(path.relative_to(root)) for glob in SOURCES for path in root.glob(glob))
    return [file for file in files if has_messages(root, options, file)]


def read_list(path):
    lines = path.read_text(encoding='utf-8').splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def check_list(root, sources):
    listed = read_list(root / 'po' / 'POTFILES')
    faults = [f'po/POTFILES: {file} has messages and is not listed' for file in sources if file not in listed]
    faults += [f'po/POTFILES: {file} is listed without need' for file in listed if file not in sources]
    if len(set(listed)) != len(listed):
        faults.append('po/POTFILES: a file is listed twice')
    return faults


def messages(text):
    """Returns: the messages of a .po text, each on one line, without the header."""
    blocks = [block for block in text.split('\n\n') if re.search(r'^(#~ )?msgid "', block, re.MULTILINE)]
    found = []
    for block in blocks:
        lines = [re.sub(r'^#~ ', '', line) for line in block.splitlines()]
        start = next(n for n, line in enumerate(lines) if line.startswith('msgid "'))
        end = next(n for n, line in enumerate(lines) if n > start and line.startswith('msg'))
        found.append(''.join(line.removeprefix('msgid ').strip('"') for line in lines[start:end]))
    return [message for message in found if message]


def merge(po, template, folder):
    """Returns: @po with exactly the messages of the sources; the rest of its own become obsolete."""
    merged = folder / po.name
    run('msgmerge', '--quiet', '--no-fuzzy-matching', '--output-file', merged, po, template)
    return merged


def check_language(po, template, folder):
    merged = merge(po, template, folder)
    faults = []
    for option, what in [('--untranslated', 'not translated'), ('--only-fuzzy', 'fuzzy'),
                         ('--only-obsolete', 'no longer in the sources')]:
        selected = run('msgattrib', '--no-wrap', option, merged)
        faults += [f'{po.name}: {what}: {message}' for message in messages(selected)]
    try:
        # The flags (c-format) of the fresh template decide which formats are compared.
        run('msgfmt', '--check', '--output-file', '/dev/null', merged)
    except RuntimeError as error:
        faults.append(f'{po.name}: {error}')
    return faults


def main(arguments):
    update = arguments[:1] == ['--update']
    root, options = pathlib.Path(arguments[update]), arguments[update + 1:]
    sources = find_sources(root, options)
    languages = [root / 'po' / f'{name}.po' for name in read_list(root / 'po' / 'LINGUAS')]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        template = folder / 'weightscope.pot'
        template.write_text(extract(root, options, sources), encoding='utf-8')
        if update:
            (root / 'po' / 'POTFILES').write_text('\n'.join(sources) + '\n', encoding='utf-8')
            for po in languages:
                po.write_bytes(merge(po, template, folder).read_bytes())
            return 0
        faults = check_list(root, sources)
        for po in languages:
            faults += check_language(po, template, folder)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
