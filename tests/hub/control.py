# SPDX-License-Identifier: MIT
"""The control interface, for programs that started the server as a child; see README.md here."""
import json

from messages import Response, Span


class Control:
    def __init__(self, server):
        self.server = server

    def answer(self, request):
        try:
            return self.route(request)
        except (KeyError, TypeError, ValueError) as error:
            return Response.json({'error': f'{type(error).__name__}: {error}'}, 400)

    def route(self, request):
        server = self.server
        value = json.loads(request.body) if request.body else {}
        match request.method, request.path.removeprefix('/_control/'):
            case 'GET', 'about':
                return Response.json(server.about())
            case 'GET', 'counters':
                return Response.json(server.counters.snapshot())
            case 'GET', 'log':
                return Response.json(server.counters.entries())
            case 'GET', 'wait':
                return Response.json(server.counters.wait(
                    request.argument('listener', 'cdn'), request.argument('path', '*'),
                    int(request.argument('requests', 0)), int(request.argument('bytes', 0)),
                    float(request.argument('timeout', 10))))
            case 'GET', 'file':
                return self.file(request)
            case 'GET', 'faults':
                return Response.json(server.faults.list())
            case 'DELETE', 'faults':
                server.faults.clear()
            case 'POST', 'faults':
                for fault in value if isinstance(value, list) else [value]:
                    server.faults.add(**fault)
            case 'POST', 'settings':
                server.set(**value)
            case 'POST', 'repositories':
                server.protocol.add(value)
            case 'POST', 'push':
                repository = server.protocol.repositories[value['id']]
                commit = repository.push(value.get('revision', 'main'), value['files'])
                return Response.json({'commit': commit})
            case 'POST', 'clear':
                server.counters.clear()
            case 'POST', 'reset':
                server.reset()
            case _:
                return Response.json({'error': 'no such order'}, 404)
        return Response.json({})

    def file(self, request):
        """The right bytes of a file, past faults and counters."""
        repository = self.server.protocol.repositories[request.argument('id')]
        commit = repository.commit_of(request.argument('revision', 'main'))
        content = repository.commits[commit][request.argument('path')].content
        response = Response(200, [Span(content, 0, content.size)], 'application/octet-stream')
        response.set('X-SHA256', content.sha256)
        return response
