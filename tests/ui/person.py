# SPDX-License-Identifier: MIT
"""A person before the desktop: sees what is on the screen by its accessible name, and acts with
pointer and keys (XTest). Nothing is seen that could not be clicked: what a page or a popover hides
does not count."""
import ast
import contextlib
import dataclasses
import re
import struct
import zlib

import gi  # noqa: F401  (finds the repository below)
from gi.repository import Gio, GLib
from Xlib import XK, X, display, error
from Xlib.ext import xtest
from Xlib.protocol import event

from desktop import WAIT_SECONDS, wait_until

ATSPI = 'org.a11y.atspi.'
ROOT = '/org/a11y/atspi/accessible/root'
IN_WINDOW = 1  # extents count from the window
LAYER_POPUP, LAYER_WINDOW = 5, 7
# Of AT-SPI's numbers, what we ask for.
CHECK_BOX, LABEL, LIST_ITEM, SECRET, BUTTON, TREE_GRID, HEADING = 7, 29, 32, 40, 43, 66, 83
STATE_CHECKED, STATE_FOCUSED, STATE_SENSITIVE = 4, 12, 24
MODIFIERS = {'ctrl': 'Control_L', 'shift': 'Shift_L', 'alt': 'Alt_L'}
MAX_GAPS = 10
# What AT-SPI's cache tells of a node, as GVariant prints it.
TEXT = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
ITEM = re.compile(
    rf"\(\({TEXT}, '(?P<path>[^']*)'\), \({TEXT}, {TEXT}\), \({TEXT}, '(?P<parent>[^']*)'\), "
    rf"(?P<index>-?\d+), (?P<count>-?\d+), \[[^]]*\], (?P<name>{TEXT}), (?P<role>\d+), {TEXT}, "
    r"\[(?P<low>\d+), (?P<high>\d+)\]\)")


@dataclasses.dataclass(frozen=True)
class Rectangle:
    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self):
        return self.x + self.width // 2, self.y + self.height // 2


@dataclasses.dataclass(frozen=True)
class Node:
    """An accessible as it was when it was seen."""
    path: str
    parent: str
    depth: int
    name: str
    role: int
    states: int

    @property
    def is_sensitive(self):
        return bool(self.states >> STATE_SENSITIVE & 1)

    @property
    def is_checked(self):
        return bool(self.states >> STATE_CHECKED & 1)


def drop_mnemonic(text):
    """Both forms: "_Run", and "运行(_R)" as menus in Chinese have it."""
    return re.sub(r'\(_?[A-Z]\)', '', text).replace('_', '')


def clean(name):
    """GTK 4.8 calls a button with a mnemonic "_Run Run": by its property and by its label."""
    for gap in re.finditer(' ', name):
        text = drop_mnemonic(name[gap.end():])
        if drop_mnemonic(name[:gap.start()]) == text:
            return text
    return re.sub(r'\([A-Z]\)', '', name)


def connect(address):
    flags = Gio.DBusConnectionFlags
    connection = Gio.DBusConnection.new_for_address_sync(
        address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
    connection.set_exit_on_close(False)
    return connection


class Person:
    def __init__(self, desktop):
        self.desktop = desktop
        session = connect(desktop.env['DBUS_SESSION_BUS_ADDRESS'])
        address = wait_until(lambda: self.ask_address(session), 'the accessibility bus')
        session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.freedesktop.DBus.Properties', 'Set',
                          GLib.Variant('(ssv)', ('org.a11y.Status', 'IsEnabled',
                                                 GLib.Variant('b', True))), None, 0, 5000, None)
        self.session, self.bus, self.program = session, connect(address), None
        self.layers, self.parents = {}, {}  # by path: neither ever changes
        self.display = display.Display(desktop.env['DISPLAY'])
        self.root = self.display.screen().root

    @staticmethod
    def ask_address(session):
        with contextlib.suppress(GLib.Error):
            return session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress',
                                     None, None, 0, 5000, None).unpack()[0]

    def close(self):
        self.display.close()
        self.bus.close_sync(None)
        self.session.close_sync(None)

    # The tree of accessibles

    def ask(self, path, interface, method, signature=None, *values, bus=None):
        arguments = GLib.Variant(signature, values) if signature else None
        return self.bus.call_sync(bus or self.program, path, interface, method, arguments, None, 0,
                                  10_000, None)

    def call(self, *arguments, **options):
        return self.ask(*arguments, **options).unpack()

    def find_program(self):
        """Since it was started, it shows a window."""
        self.program = None
        names = self.call(ROOT, ATSPI + 'Accessible', 'GetChildren',
                          bus='org.a11y.atspi.Registry')[0]
        for bus, path in names:
            with contextlib.suppress(GLib.Error):
                if self.call(path, ATSPI + 'Accessible', 'GetChildren', bus=bus)[0]:
                    self.program = bus
        return self.program

    def get_children(self, path):
        with contextlib.suppress(GLib.Error):
            return [child for _, child in
                    self.call(path, ATSPI + 'Accessible', 'GetChildren')[0]
                    if not child.endswith('/null')]
        return []

    def read(self, within=None):
        """All nodes, or those in the node @within: each before what is in it, the newest window
        first. GTK tells in one call what somebody has asked for before: ask for the rest until
        nothing is missing."""
        for _ in range(MAX_GAPS):
            # As text: unpack() takes many times as long for a thousand nodes.
            text = self.ask('/org/a11y/atspi/cache', ATSPI + 'Cache', 'GetItems').print_(False)
            known, below = {}, {}
            for item in ITEM.finditer(text):
                known[item['path']] = item
                below.setdefault(item['parent'], []).append((int(item['index']), item['path']))
            nodes, missing = [], []
            for window in reversed(self.get_children(ROOT)):
                self.visit(window, '', 0, known, below, nodes, missing)
            if not missing:
                break
        if within is None:
            return nodes
        start = next((i for i, node in enumerate(nodes, 1) if node.path == within.path), len(nodes))
        stop = next((i for i in range(start, len(nodes)) if nodes[i].depth <= within.depth),
                    len(nodes))
        return nodes[start:stop]

    def visit(self, path, parent, depth, known, below, nodes, missing):
        item = known.get(path)
        if item is None:
            missing.append(path)
            self.ask_for_all(path)
            return
        self.parents[path] = parent or None
        nodes.append(Node(path, parent, depth, clean(ast.literal_eval(item['name'])),
                          int(item['role']), int(item['low']) | int(item['high']) << 32))
        children = [child for _, child in sorted(below.get(path, ()))]
        if len(children) != int(item['count']):
            children = self.get_children(path)
        for child in children:
            self.visit(child, path, depth + 1, known, below, nodes, missing)

    def ask_for_all(self, path):
        for child in self.get_children(path):
            self.ask_for_all(child)

    def get_extents(self, path):
        return Rectangle(*self.call(path, ATSPI + 'Component', 'GetExtents', '(u)', IN_WINDOW)[0])

    def get_layer(self, path):
        if path not in self.layers:
            self.layers[path] = -1
            with contextlib.suppress(GLib.Error):  # a page of a stack is no widget
                self.layers[path] = self.call(path, ATSPI + 'Component', 'GetLayer')[0]
        return self.layers[path]

    def get_parent(self, path):
        if path not in self.parents:
            parent = self.call(path, 'org.freedesktop.DBus.Properties', 'Get', '(ss)',
                               ATSPI + 'Accessible', 'Parent')[0][1]
            self.parents[path] = None if parent.endswith('/null') or parent == ROOT else parent
        return self.parents[path]

    def get_surface(self, path):
        """The window or popover that @path is in."""
        while path is not None and self.get_layer(path) not in (LAYER_POPUP, LAYER_WINDOW):
            path = self.get_parent(path)
        return path

    def pick(self, surface, x, y):
        found = self.call(surface, ATSPI + 'Component', 'GetAccessibleAtPoint', '(iiu)', int(x),
                          int(y), IN_WINDOW)[0][1]
        return None if not found or found.endswith('/null') else found

    def is_on_screen(self, path):
        """GTK tells of hidden pages and of rows scrolled away as if they were shown, so look what
        is at that place: it, or something in it. A private part of a widget is told as nothing: then
        its margins, and at last the edges of the window, decide."""
        try:
            box, surface = self.get_extents(path), self.get_surface(path)
            if box.width <= 0 or box.height <= 0 or surface is None:
                return False
            if surface == path:
                return True
            x, y = box.centre
            for number, point in enumerate(((x, y), (box.x - 3, y), (x, box.y - 3),
                                            (box.x + box.width + 3, y))):
                chain, found = [], self.pick(surface, *point)
                while found is not None:
                    chain.append(found)
                    found = self.get_parent(found)
                if path in chain:
                    return True
                # What is insensitive is looked through.
                if chain and number == 0:
                    return chain[0] == self.get_parent(path)
            whole = self.get_extents(surface)
            return (whole.x <= x < whole.x + whole.width and
                    whole.y - 1 <= y < whole.y + whole.height)
        except GLib.Error:
            return False

    # Seeing

    def find(self, name, role=None, within=None):
        """The first node on the screen; None: there is none. @name: a text, or a pattern that it
        holds; None: any; @role: a number or several."""
        for node in self.read(within):
            if role is not None and node.role != role:
                continue
            if name is not None and not (name.search(node.name) if isinstance(name, re.Pattern)
                                         else name == node.name):
                continue
            if self.is_on_screen(node.path):
                return node
        return None

    def see(self, name, role=None, within=None, seconds=WAIT_SECONDS):
        """The same, as soon as it is there."""
        def look():
            if self.desktop.program.poll() is not None:
                raise AssertionError(f'the program ended:\n{self.desktop.read_log()[-2000:]}')
            with contextlib.suppress(GLib.Error):
                return self.find(name, role, within)
        return wait_until(look, f'{name!r} on the screen', seconds)

    def see_surface(self, name, role=None):
        """The window or popover that this node is in."""
        path = self.get_surface(self.see(name, role).path)
        return next(node for node in self.read() if node.path == path)

    def see_gone(self, name, role=None, seconds=WAIT_SECONDS):
        wait_until(lambda: self.find(name, role) is None, f'{name!r} to go', seconds)

    def see_sensitive(self, name, role=None):
        """A node that can be used, as soon as it can."""
        def look():
            node = self.find(name, role)
            return node if node is not None and node.is_sensitive else None
        return wait_until(look, f'{name!r} to be of use')

    def read_states(self, node):
        low, high = self.call(node.path, ATSPI + 'Accessible', 'GetState')[0]
        return low | high << 32

    def count_characters(self, node):
        return self.call(node.path, 'org.freedesktop.DBus.Properties', 'Get', '(ss)', ATSPI + 'Text',
                         'CharacterCount')[0]

    def read_texts(self, within=None, wanted=lambda text: True):
        """What is written on the screen, in the order of the tree. To look whether it is on the
        screen takes longest, so first @wanted is asked about each text."""
        # A label with nothing in it is called by its class.
        return [node.name for node in self.read(within)
                if node.role in (LABEL, HEADING) and node.name not in ('', 'GtkLabel') and
                wanted(node.name) and self.is_on_screen(node.path)]

    # Where it is

    def get_property(self, window, name):
        with contextlib.suppress(error.XError):
            return window.get_full_property(self.display.intern_atom(name), X.AnyPropertyType)

    def get_place(self, window):
        size, origin = window.get_geometry(), window.translate_coords(self.root, 0, 0)
        return Rectangle(-origin.x, -origin.y, size.width, size.height)

    def is_shown(self, window):
        with contextlib.suppress(error.XError):
            return window.get_attributes().map_state == X.IsViewable
        return False

    def get_clients(self):
        managed = self.get_property(self.root, '_NET_CLIENT_LIST')
        windows = [self.display.create_resource_object('window', number)
                   for number in (managed.value if managed else ())]
        return [window for window in windows if self.is_shown(window)]

    def get_popovers(self):
        return [window for window in self.root.query_tree().children
                if self.is_shown(window) and window.get_attributes().override_redirect and
                window.get_geometry().width > 1 and window.get_wm_class()]

    def get_origin(self, surface):
        """Where on the screen the extents in @surface count from."""
        box = self.get_extents(surface)
        if self.get_layer(surface) == LAYER_POPUP:
            # They count from the widget that it hangs on; its own are those of its X window.
            child = self.get_extents(self.get_children(surface)[0])
            width = child.width + 2 * (child.x - box.x)
            places = [self.get_place(window) for window in self.get_popovers()]
            place = min(places, key=lambda place: min(abs(place.width - width),
                                                      abs(place.width - box.width)))
            return place.x - box.x, place.y - box.y
        window = min(self.get_clients(), key=lambda window: sum(
            abs(a - b) for a, b in zip((window.get_geometry().width, window.get_geometry().height),
                                       (box.width, box.height))))
        place, frame = self.get_place(window), self.get_property(window, '_GTK_FRAME_EXTENTS')
        left, right, top, bottom = frame.value if frame and len(frame.value) == 4 else (0, 0, 0, 0)
        return (place.x + left + (place.width - left - right - box.width) // 2 - box.x,
                place.y + top + (place.height - top - bottom - box.height) // 2 - box.y)

    def get_rectangle(self, node):
        box, (x, y) = self.get_extents(node.path), self.get_origin(self.get_surface(node.path))
        return Rectangle(box.x + x, box.y + y, box.width, box.height)

    # Acting

    def has_title(self, window, title):
        name = self.get_property(window, '_NET_WM_NAME')
        return name is not None and name.value.decode() == title

    def wait_for_focus(self, title):
        """The window with this title hears the keys."""
        def has_focus():
            active = self.get_property(self.root, '_NET_ACTIVE_WINDOW')
            if not active or not active.value[0]:
                return False
            return self.has_title(self.display.create_resource_object('window', active.value[0]), title)
        wait_until(has_focus, f'{title!r} to have the focus')
        self.settle()

    def close_window(self, title):
        """From the list of windows that a desktop has: whatever lies over it."""
        for number in self.get_property(self.root, '_NET_CLIENT_LIST').value:
            window = self.display.create_resource_object('window', number)
            if self.has_title(window, title):
                data = (32, [X.CurrentTime, 2, 0, 0, 0])  # 2: it is the person who wants it
                self.root.send_event(
                    event.ClientMessage(window=window, data=data,
                                        client_type=self.display.intern_atom('_NET_CLOSE_WINDOW')),
                    event_mask=X.SubstructureNotifyMask | X.SubstructureRedirectMask)
        self.display.sync()

    def settle(self):
        """What was sent has been heard, and the program's main loop has come round since."""
        self.display.sync()
        for _ in range(2):
            with contextlib.suppress(GLib.Error):
                self.call(ROOT, 'org.freedesktop.DBus.Properties', 'Get', '(ss)',
                          ATSPI + 'Accessible', 'ChildCount')

    def point(self, x, y):
        xtest.fake_input(self.display, X.MotionNotify, x=int(x), y=int(y))
        self.settle()

    def click(self, what, role=None):
        """@what: a node, or the name of one that is, or will be, of use."""
        node = what if isinstance(what, Node) else self.see_sensitive(what, role)
        if not node.is_sensitive:
            raise AssertionError(f'{node.name!r} cannot be used')
        self.point(*self.get_rectangle(node).centre)
        xtest.fake_input(self.display, X.ButtonPress, 1)
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.settle()

    def press(self, *keys):
        """Names of X, after their modifiers: "Return", "ctrl+q"."""
        for key in keys:
            *modifiers, name = key.split('+')
            symbol = XK.string_to_keysym(name) or ord(name)
            code, level = next((code, level) for level in (0, 1) for code, at in
                               self.display.keysym_to_keycodes(symbol) if at == level)
            held = [self.display.keysym_to_keycode(XK.string_to_keysym(MODIFIERS[modifier]))
                    for modifier in modifiers + (['shift'] if level else [])]
            for down in held + [code]:
                xtest.fake_input(self.display, X.KeyPress, down)
            for up in [code] + held[::-1]:
                xtest.fake_input(self.display, X.KeyRelease, up)
        self.settle()

    def type(self, text):
        """Into whatever has the focus; ASCII."""
        self.press(*text)

    def enter(self, entry, text):
        """In place of what is in it."""
        self.click(entry)
        wait_until(lambda: self.read_states(entry) >> STATE_FOCUSED & 1, 'the focus in the entry')
        self.press('ctrl+a')
        self.type(text)
        wait_until(lambda: self.count_characters(entry) == len(text), 'what was typed')

    # Pictures

    def read_pixels(self, box):
        """Rows of red, green and blue bytes."""
        image = self.root.get_image(box.x, box.y, box.width, box.height, X.ZPixmap, 0xffffffff)
        pixels = bytearray(box.width * box.height * 3)
        pixels[0::3], pixels[1::3], pixels[2::3] = image.data[2::4], image.data[1::4], image.data[0::4]
        return bytes(pixels)

    def save_picture(self, path):
        width, height = self.desktop.size
        pixels = self.read_pixels(Rectangle(0, 0, width, height))
        rows = b''.join(b'\0' + pixels[start:start + 3 * width]
                        for start in range(0, len(pixels), 3 * width))

        def chunk(kind, data):
            return (struct.pack('>I', len(data)) + kind + data +
                    struct.pack('>I', zlib.crc32(kind + data)))

        path.write_bytes(b'\x89PNG\r\n\x1a\n' +
                         chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) +
                         chunk(b'IDAT', zlib.compress(rows, 1)) + chunk(b'IEND', b''))
