#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Hugging Face Hub of the tests: its protocol, its repositories and its faults, on loopback.

    server.py [--seed N] [--sign-ttl SECONDS] [--page-size N] [--tls]

prints one line of JSON when it is ready (hub, cdn, stranger, proxy and control: base URLs; tokens by
name; ca: the certificate to trust, with --tls) and ends when its stdin does. See README.md here."""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import catalogue
import transport
from control import Control
from counters import Counters
from faults import Faults
from messages import Response
from protocol import TOKENS, Protocol

SETTINGS = {'page_size': 1000, 'sign_ttl': 3600, 'link_url': None,
            'latency': 0, 'hub_rate': None, 'cdn_rate': None}


def make_certificate(folder):
    """A self-signed certificate for loopback; needs openssl."""
    if not shutil.which('openssl'):
        raise RuntimeError('no openssl in PATH to make a certificate with')
    certificate, key = pathlib.Path(folder, 'cert.pem'), pathlib.Path(folder, 'key.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
                    '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext',
                    'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
                   check=True, capture_output=True)
    return certificate, key


class Server:
    """Runs from its making to close(), or as a context manager. The hub is at 127.0.0.1, the
    content network at localhost: another host for every rule. stranger is a plain HTTP host that
    belongs to nobody; proxy passes requests on, and connections for TLS."""

    def __init__(self, seed=0, tls=False, repositories=None, **settings):
        self.scratch = tempfile.TemporaryDirectory(prefix='hub-')
        self.first = {**SETTINGS, **settings}
        self.settings = dict(self.first)
        self.descriptions = list(catalogue.descriptions() if repositories is None else repositories)
        self.protocol = Protocol(self.settings, seed, self.scratch.name)
        self.faults, self.counters = Faults(), Counters()
        self.add_repositories()
        self.ca, context = None, None
        if tls:
            self.ca, key = make_certificate(self.scratch.name)
            context = transport.tls_context(self.ca, key)
        self.listeners = {
            'hub': transport.Listener('hub', '127.0.0.1', self.answer, self, context),
            'cdn': transport.Listener('cdn', 'localhost', self.answer, self, context),
            'stranger': transport.Listener('stranger', 'localhost', self.answer, self),
            'proxy': transport.Listener('proxy', '127.0.0.1', self.answer, self),
            'control': transport.Listener('control', '127.0.0.1', Control(self).answer, None)}
        self.urls = {name: listener.url for name, listener in self.listeners.items()}
        for listener in self.listeners.values():
            listener.urls = self.urls
            listener.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for listener in self.listeners.values():
            listener.close()
        self.scratch.cleanup()

    def about(self):
        return {**self.urls, 'tokens': TOKENS, 'ca': self.ca and str(self.ca)}

    def add_repositories(self):
        self.protocol.repositories.clear()
        for description in self.descriptions:
            self.protocol.add(description)

    def set(self, **settings):
        unknown = settings.keys() - SETTINGS.keys()
        if unknown:
            raise ValueError(f'no setting is called {", ".join(sorted(unknown))}')
        self.settings.update(settings)

    def reset(self):
        """As it was at the start."""
        self.faults.clear()
        self.settings.update(self.first)
        self.add_repositories()
        self.counters.clear()

    def answer(self, request):
        """The answer to a request on any listener but control, with the faults that fall on it."""
        listener = request.listener
        if listener == 'proxy' and request.method != 'CONNECT':
            listener = request.unwrap_proxy()
        if listener == 'cdn':
            self.protocol.name_cdn(request)
        self.faults.apply_before(request)
        if listener == 'hub':
            response = self.protocol.answer_hub(request)
        elif listener == 'cdn':
            response = self.protocol.answer_cdn(request)
        elif listener == 'proxy':
            response = Response.to_tunnel(request)
        else:
            response = Response.text(200, 'Whoever you are, hello.')
        return self.faults.apply_after(request, response)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--sign-ttl', type=float, default=SETTINGS['sign_ttl'], metavar='SECONDS')
    parser.add_argument('--page-size', type=int, default=SETTINGS['page_size'], metavar='N')
    parser.add_argument('--tls', action='store_true', help='hub and content network speak https')
    options = parser.parse_args()
    with Server(options.seed, options.tls, sign_ttl=options.sign_ttl,
                page_size=options.page_size) as server:
        print(json.dumps(server.about()), flush=True)
        while sys.stdin.buffer.read(4096):
            pass
    return 0


if __name__ == '__main__':
    sys.exit(main())
