# SPDX-License-Identifier: MIT
"""What the server saw: by path, by listener, and request for request."""
import collections
import fnmatch
import threading
import time

import protocol


class Counters:
    def __init__(self):
        self.changed = threading.Condition()
        self.open = collections.Counter()
        self.clear()

    def clear(self):
        with self.changed:
            self.log, self.listeners, self.paths = [], {}, {}
            self.most_open = collections.Counter(self.open)
            self.accepted = collections.Counter()

    def connected(self, listener, step):
        """A connection came (+1) or went (-1)."""
        with self.changed:
            self.open[listener] += step
            self.accepted[listener] += max(step, 0)
            self.most_open[listener] = max(self.most_open[listener], self.open[listener])
            self.changed.notify_all()

    def begin(self, request):
        """The entry of a request in the log; the other two count into it."""
        token = request.token
        name = 'none' if token is None else protocol.NAMES.get(token, 'unknown')
        entry = {'number': request.number, 'listener': request.listener, 'method': request.method,
                 'path': request.path, 'range': request.headers.get('range'),
                 'if_range': request.headers.get('if-range'), 'token': name, 'status': None,
                 'bytes': 0, 'faults': request.faults}
        with self.changed:
            self.log.append(entry)
            seen = self.listeners.setdefault(request.listener, {
                'requests': 0, 'bytes': 0, 'tokens': collections.Counter()})
            seen['requests'] += 1
            seen['tokens'][name] += 1
            path = self.paths.setdefault((request.listener, request.path), {
                'requests': 0, 'bytes': 0, 'ranges': [], 'active': 0, 'most_active': 0})
            path['requests'] += 1
            path['ranges'] += [entry['range']] if entry['range'] else []
            path['active'] += 1
            path['most_active'] = max(path['most_active'], path['active'])
            self.changed.notify_all()
        return entry

    def sent(self, entry, count):
        """@count more bytes of a body go to the connection: at most 1 MiB of them never will."""
        with self.changed:
            entry['bytes'] += count
            for group, key in ((self.listeners, entry['listener']),
                               (self.paths, (entry['listener'], entry['path']))):
                if key in group:
                    group[key]['bytes'] += count
            self.changed.notify_all()

    def end(self, entry):
        with self.changed:
            path = self.paths.get((entry['listener'], entry['path']))
            if path:
                path['active'] -= 1
            self.changed.notify_all()

    def snapshot(self):
        with self.changed:
            return {
                'listeners': {name: {**seen, 'tokens': dict(seen['tokens']),
                                     'connections': self.accepted[name], 'open': self.open[name],
                                     'most_open': self.most_open[name]}
                              for name, seen in self.listeners.items()},
                'paths': {f'{listener}:{path}': {**seen, 'ranges': list(seen['ranges'])}
                          for (listener, path), seen in self.paths.items()},
                'tokens_leaked': sum(count for name, seen in self.listeners.items()
                                     if name in ('cdn', 'stranger')
                                     for token, count in seen['tokens'].items() if token != 'none')}

    def entries(self):
        with self.changed:
            return [dict(entry) for entry in self.log]

    def total(self, listener, path, key):
        """Of requests or bytes over the paths that the pattern fits."""
        return sum(seen[key] for (where, name), seen in self.paths.items()
                   if where == listener and fnmatch.fnmatchcase(name, path))

    def wait(self, listener, path, requests=0, count=0, timeout=10.0):
        """Until so many requests came and bytes went; whether they did in time."""
        deadline = time.monotonic() + timeout
        with self.changed:
            return self.changed.wait_for(
                lambda: (self.total(listener, path, 'requests') >= requests
                         and self.total(listener, path, 'bytes') >= count),
                deadline - time.monotonic())
