# SPDX-License-Identifier: MIT
"""Asks a server one request at a time, and keeps whatever came."""
import http.client
import json
import unittest
import urllib.parse

import messages
from protocol import TOKENS
from server import Server


class Answer:
    """What came for a request: status, header names in lower case, and the body as far as it came."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.error = None
        try:
            self.body = response.read()
        except http.client.IncompleteRead as error:
            self.body, self.error = error.partial, error
        except OSError as error:
            self.body, self.error = b'', error

    @property
    def json(self):
        return json.loads(self.body)


def ask(url, method='GET', body=None, context=None, **headers):
    """One request on a connection of its own; no redirect is followed."""
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == 'https' else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=10, **({'context': context} if context else {}))
    try:
        target = parts.path + ('?' + parts.query if parts.query else '')
        names = {name.replace('_', '-'): value for name, value in headers.items()}
        connection.request(method, target, body, names)
        return Answer(connection.getresponse())
    finally:
        connection.close()


class ServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.hub = cls.server.urls['hub']

    def setUp(self):
        self.server.reset()

    def ask(self, path, method='GET', token=None, **headers):
        if token:
            headers['Authorization'] = f'Bearer {TOKENS[token]}'
        return ask(self.hub + path, method, **headers)

    def content(self, name, path):
        repository = self.server.protocol.repositories[name]
        return repository.commits[repository.branches['main']][path].content

    def tree(self, name, query='?recursive=true'):
        """The rows of the listing by path."""
        return {row['path']: row for row in self.ask(f'/api/models/{name}/tree/main{query}').json}

    def signed(self, name, path):
        return self.ask(f'/{name}/resolve/main/{messages.quote(path)}').headers['location']

    def fault(self, kind, **rule):
        self.server.faults.add(kind, **rule)

    def check_refusal(self, answer, status, code=None, message=None):
        self.assertEqual((answer.status, answer.headers.get('x-error-code')), (status, code))
        self.assertEqual(answer.json['error'], answer.headers['x-error-message'])
        if message:
            self.assertIn(message, answer.json['error'])
