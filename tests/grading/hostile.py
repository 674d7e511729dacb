"""What a hostile notebook may hold. Each attack is one cell that runs before two honest, right answers.

`HARMLESS` attacks leave the answers of the same notebook as they are. `SELF` names those that cost their own notebook
something, and how each of its two questions must then be judged. `SPIES` put what they saw into `found`, which must be
what stands here. `CHEATS` replace the answers by something that is not one, and must get no point.

Never run this outside the sandbox.
"""

HARMLESS = {
    # Ends of the process
    "os._exit": "import os\nos._exit(0)",
    "sys.exit": "import sys\nsys.exit(3)",
    "exit": "exit()",
    "abort": "import os\nos.abort()",
    "segmentation fault": "import ctypes\nctypes.string_at(0)",
    "kills itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "kills all it sees": "import os\nos.kill(-1, 9)",
    "kills its group": "import os\nos.killpg(0, 9)",
    "kills its parent and low numbers": """
import os
for pid in [os.getppid(), *range(1, 200)]:
    try:
        if pid not in (0, os.getpid()):
            os.kill(pid, 9)
    except OSError:
        pass
""",
    "becomes another program": "import os\nos.execv('/bin/sh', ['sh', '-c', 'while :; do :; done'])",
    "closes all descriptors": "import os\nos.closerange(0, 4096)",
    "raises BaseException": "raise BaseException('x')",
    "deletes its own shell": "from IPython import get_ipython\nget_ipython().run_cell = None\ndel get_ipython().user_ns['In']",
    # Floods
    "prints without end": "while True:\n    print('x' * 100_000)",
    "prints to the error stream": "import sys\nfor _ in range(2000):\n    print('x' * 100_000, file=sys.stderr)",
    "writes to raw descriptors": "import os\nfor _ in range(2000):\n    os.write(1, b'x' * 100_000); os.write(2, b'x' * 100_000)",
    "displays without end": "from IPython.display import HTML, display\nwhile True:\n    display(HTML('x' * 100_000))",
    "raises a huge message": "raise ValueError('x' * 50_000_000)",
    # Memory
    "memory by lists": "hoard = []\nwhile True:\n    hoard.append(bytearray(64 << 20))",
    "memory by numpy": "import numpy as np\nhoard = [np.ones(1 << 23) for _ in range(100)]",
    "memory by shared maps": """
import mmap
hoard = []
while True:
    hoard.append(mmap.mmap(-1, 64 << 20))
    hoard[-1][:: 4096] = b'x' * ((64 << 20) // 4096)
""",
    "memory by memfd": "import os\nhandle = os.memfd_create('x')\nfor _ in range(4000):\n    os.write(handle, b'x' * (1 << 20))",
    "memory by System V": "import ctypes\nassert ctypes.CDLL(None).shmget(0, 64 << 20, 0o1600) >= 0",
    "a huge integer": "10 ** 10 ** 8",
    # Processes and threads
    "thread bomb": "import threading, time\nfor _ in range(500):\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "daemons": """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 100)
        time.sleep(600)
    os._exit(0)
""",
    "a daemon that outlives its parent's death signal": """
import ctypes, os, time
if os.fork() == 0:
    os.setsid()
    ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
    time.sleep(600)
    os._exit(0)
""",
    "a program in the background": "get_ipython().system('sleep 600 &')",
    "things to do at exit": "import atexit, os, time\natexit.register(time.sleep, 600)\nos.register_at_fork(before=lambda: time.sleep(600))",
    "a slow destructor": "import time\nclass Slow:\n    def __del__(self):\n        time.sleep(600)\nslow = Slow()",
    "a timer": "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)\nsignal.signal(signal.SIGALRM, lambda *_: None)",
    # Files
    "deletes all it can": """
import os, shutil
for top in ('/', '/srv', '/usr', '/home', os.path.expanduser('~'), os.getcwd(), '/tmp'):
    for name in os.listdir(top) if os.path.isdir(top) else []:
        shutil.rmtree(os.path.join(top, name), ignore_errors=True)
""",
    "fills its disks": """
import os
for folder in ('/tmp', os.path.expanduser('~'), '/dev/shm'):
    for number in range(40):
        try:
            with open(f'{folder}/f{number}', 'wb') as file:
                for _ in range(31):
                    file.write(b'x' * (1 << 20))
        except OSError:
            break
""",
    "a file of no end": "with open('/tmp/long', 'wb') as file:\n    while True:\n        file.write(b'x' * (1 << 20))",
    "start-up files": """
import os, pathlib
home = pathlib.Path.home()
for name in ('.ipython/profile_default/startup/00.py', 'sitecustomize.py', 'usercustomize.py', '.pythonrc', 'x.pth'):
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('import os; os._exit(9)')
os.environ['PYTHONSTARTUP'] = str(home / '.pythonrc')
""",
    # Privileges
    "raises its limits": """
import resource
for name in ('AS', 'NPROC', 'CPU', 'NOFILE', 'FSIZE'):
    try:
        resource.setrlimit(getattr(resource, f'RLIMIT_{name}'), (resource.RLIM_INFINITY,) * 2)
    except (ValueError, OSError):
        continue
    raise SystemExit(f'{name} was raised')
hoard = bytearray(3 << 30)
""",
}

SELF = {
    # What they started goes on while the answers are judged, and takes those with it.
    "memory by twenty processes": (
        """
import os, time
for _ in range(20):
    if os.fork() == 0:
        hoard = []
        try:
            while True:
                hoard.append(bytearray(b'x') * (32 << 20))
        except MemoryError:
            time.sleep(60)
        os._exit(0)
time.sleep(2)
""",
        None,
    ),
    "fork bomb": (
        "import os\nfor _ in range(12):\n    try:\n        os.fork()\n    except OSError:\n        pass",
        None,
    ),
    "a million files": (
        "for number in range(1_000_000):\n    try:\n        open(f'/tmp/f{number}', 'w').close()\n    except OSError:\n        break",
        None,
    ),
    "an endless loop": ("while True:\n    pass", ("right", "right")),
    "a loop that catches everything": (
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        ("right", "right"),
    ),
    "a loop that ignores the interrupt": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass",
        ("right", "right"),
    ),
    "stops itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", ("right", "right")),
    "sleeps": ("import time\ntime.sleep(600)", ("right", "right")),
    "loops where Python does not look": ("sum(range(10 ** 12))", ("right", "right")),
    "a regular expression of no end": ("import re\nre.match(r'(a*)*b', 'a' * 40)", ("right", "right")),
    "waits for what never comes": ("import asyncio\nawait asyncio.Event().wait()", ("right", "right")),
    "a tracer that sleeps": (
        "import sys, time\nsys.settrace(lambda *_: time.sleep(600))\n(lambda: 0)()",
        ("right", "right"),
    ),
    "a collector that sleeps": (
        "import gc, time\ngc.callbacks.append(lambda *_: time.sleep(600))\ngc.collect()",
        ("right", "right"),
    ),
    "hides the cells that ran": ("get_ipython().events.callbacks.clear()", None),
    "breaks builtins": (
        "import builtins\nfor name in ('len', 'isinstance', 'print', 'sorted', 'type', 'repr'):\n    setattr(builtins, name, None)",
        None,
    ),
    "breaks import": (
        "import builtins\ndef no(*args, **others):\n    raise ImportError\nbuiltins.__import__ = no",
        None,
    ),
    "replaces modules": ("import sys\nfor name in list(sys.modules):\n    sys.modules[name] = None", None),
    "garbage on the channel": (
        "import os\nfor handle in range(3, 40):\n    try:\n        os.write(handle, b'\\xff' * 4000)\n    except OSError:\n        pass",
        ("right", "right"),
    ),
    "a frame of no end": ("import os\nos.write(3, b'\\x7f\\xff\\xff\\xff' + b'x' * 100_000)", ("right", "right")),
    "a frame of brackets": (
        "import os\ndata = b'[' * 1_000_000\nos.write(3, len(data).to_bytes(4, 'big') + data)",
        ("right", "right"),
    ),
    "half a frame": ("import os, time\nos.write(3, b'\\0\\0')\ntime.sleep(600)", ("right", "right")),
    "answers before it is asked": (
        """
import os
from mldebt.wire import pack
for number in range(1, 60):
    os.write(3, pack({'id': number, 'value': 3}))
""",
        None,
    ),
    "sends each reply twice": (
        "import mldebt.room.serve as serve\nonce = serve.pack\nserve.pack = lambda frame: once(frame) * 2",
        None,
    ),
    "replays its first reply": (
        """
import mldebt.room.serve as serve
once, kept = serve.pack, []
def pack(frame):
    kept.append(frame)
    return once(kept[0])
serve.pack = pack
""",
        None,
    ),
    "patches the room": (
        """
import mldebt.check.answer, mldebt.record, mldebt.room.serve, mldebt.wire.encode
mldebt.record.Record.answer = None
mldebt.wire.encode.encode = None
mldebt.room.serve.encode = None
mldebt.check.answer.NamespaceAnswer.value = lambda *_: 3
""",
        None,
    ),
}

WALK = """
import os
def walk(test):
    seen = []
    for folder, _, names in os.walk('/'):
        if not folder.startswith(('/proc', '/usr', '/srv/python', '/srv/packages')):
            seen += [path for name in names if test(path := os.path.join(folder, name))]
    return seen
"""
SPIES = {
    "secrets in files": (
        WALK + "found = walk(lambda path: any(w in path for w in ('CANARY', '.db', 'ipynb', '.md', 'quiz', 'checks')))",
        [],
    ),
    "course files in the libraries": (
        "import os\nfound = [f for folder in ('/srv/packages/mldebt', '/srv/course/mldebt') if os.path.isdir(folder) "
        "for f in os.listdir(folder) if f in ('units', 'grading', 'judge', 'build', 'lab')]\nfound = [f for f in found if f != 'lab']",
        [],
    ),
    "modules with answers": (
        "import importlib\nfound = []\nfor name in ('units', 'grading', 'judge', 'build', 'cli'):\n    try:\n        "
        "importlib.import_module(f'mldebt.{name}')\n        found.append(name)\n    except ImportError:\n        pass",
        [],
    ),
    "the instructor's environment": (
        "import os\nfound = [key for key in os.environ if 'TOKEN' in key or 'CANARY' in os.environ[key]]",
        [],
    ),
    "the environment of other processes": (
        "import glob\nfound = []\nfor path in glob.glob('/proc/*/environ'):\n    try:\n        "
        "found += [path] if b'CANARY' in open(path, 'rb').read() else []\n    except OSError:\n        pass",
        [],
    ),
    "other processes": (
        "import glob, os\nfound = [p for p in glob.glob('/proc/[0-9]*') if p != f'/proc/{os.getpid()}']",
        [],
    ),
    "the roots of other processes": (
        "import os\nfound = os.path.exists('/proc/2/root/tmp') or os.path.realpath('/proc/1/root') != '/'",
        False,
    ),
    "memory of other processes": (
        "import os\nfound = []\nfor pid in range(1, 400):\n    try:\n        if pid != os.getpid():\n            "
        "open(f'/proc/{pid}/mem', 'rb').close(); found.append(pid)\n    except OSError:\n        pass",
        [],
    ),
    "tracing": (
        "import ctypes, os\nfound = [pid for pid in range(1, 300) if ctypes.CDLL(None).ptrace(16, pid, 0, 0) == 0]",
        [],
    ),
    "places to write": (
        """
import os
found = []
for top in ('/', '/usr', '/srv', '/etc', '/proc/sys', '/srv/course', '/srv/packages', '/srv/python', '/home', '/dev', '/var'):
    for folder, folders, names in os.walk(top):
        folders[:] = folders[:5] if folder.count('/') < 5 else []
        for path in [os.path.join(folder, '.try'), *(os.path.join(folder, name) for name in names[:3])]:
            try:
                if not path.startswith(('/home/learner', '/dev/', '/proc/self', '/proc/thread-self', '/proc/1/')):
                    open(path, 'ab').close(); found.append(path)
            except OSError:
                pass
found = [path for path in found if not path.startswith('/proc/')][:5]
""",
        [],
    ),
    "the network": (
        """
import socket
found = []
for address in (('1.1.1.1', 80), ('127.0.0.1', PORT), ('::1', PORT)):
    try:
        socket.create_connection(address, timeout=1); found.append(address)
    except OSError:
        pass
for name in ('\\0mldebt-canary', CANARY + '/socket'):
    try:
        s = socket.socket(socket.AF_UNIX); s.connect(name); found.append(name)
    except OSError:
        pass
for family in (socket.AF_NETLINK, socket.AF_PACKET, 40):
    try:
        socket.socket(family, socket.SOCK_RAW); found.append(int(family))
    except OSError:
        pass
try:
    found.append(socket.getaddrinfo('example.org', 443)[0][4])
except OSError:
    pass
""",
        [],
    ),
    "new namespaces and mounts": (
        """
import ctypes, os
libc = ctypes.CDLL(None)
found = [name for name, result in {
    'unshare': libc.unshare(0x10000000), 'mount': libc.mount(b'x', b'/tmp', b'tmpfs', 0, None),
    'remount': libc.mount(None, b'/usr', None, ctypes.c_ulong(32 | 4096), None), 'chroot': libc.chroot(b'/tmp'),
    'setuid': libc.setuid(0), 'bpf': libc.syscall(321, 0, 0, 0), 'userfaultfd': libc.syscall(323, 0),
    'keyctl': libc.syscall(250, 0, 0), 'io_uring': libc.syscall(425, 1, 0), 'setns': libc.setns(3, 0),
    'open_by_handle_at': libc.syscall(304, 3, 0, 0), 'kexec': libc.syscall(246, 0, 0, 0, 0),
}.items() if result >= 0]
""",
        [],
    ),
    "privileges taken back": (
        """
import ctypes, struct
libc = ctypes.CDLL(None)
found = [name for name, result in {
    'capset': libc.capset(struct.pack('Ii', 0x20080522, 0), struct.pack('6I', *[0xFFFFFFFF] * 6)),
    'new privileges': libc.prctl(38, 0, 0, 0, 0), 'no filter': libc.prctl(22, 0, 0, 0, 0),
}.items() if result >= 0]
""",
        [],
    ),
    "a program that is set-user-id": (
        """
import subprocess
done = subprocess.run(['su', '-c', 'id -u'], capture_output=True, text=True, stdin=subprocess.DEVNULL)
found = [done.stdout] if done.stdout else []
""",
        [],
    ),
    "calls by the tables of 32 bits": (
        """
import ctypes, mmap, os
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex('b814000000cd80c3'))  # getpid by interrupt 0x80
old = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
found = []
for call in (old, lambda: ctypes.CDLL(None).syscall(0x40000000 + 39)):
    child = os.fork()
    if child == 0:
        os._exit(0 if call() > 0 else 1)
    found += [os.waitpid(child, 0)[1] == 0]
""",
        [False, False],
    ),
    "capabilities": (
        "found = [l for l in open('/proc/self/status') if l.startswith('Cap') and int(l.split()[1], 16)]\nfound = [l for l in found if not l.startswith('CapBnd')]",
        [],
    ),
    "descriptors": (
        "import os\nfound = sorted(os.readlink(f'/proc/self/fd/{n}').split(':')[0] for n in os.listdir('/proc/self/fd') "
        "if os.path.lexists(f'/proc/self/fd/{n}') and not os.readlink(f'/proc/self/fd/{n}').startswith(('/dev/null', 'anon', 'socket')))",
        [],
    ),
    "expected values in its own memory": (
        """
import gc
needle = 'EXPECTED-' + 'CANARY'
found = sum(needle in item for item in gc.get_objects() if isinstance(item, (dict, list, tuple, set)))
needle = needle.encode()
try:
    maps, memory = list(open('/proc/self/maps')), open('/proc/self/mem', 'rb', 0)
except PermissionError:
    maps = []  # it may not even look at itself
for line in maps:
    start, end = (int(part, 16) for part in line.split()[0].split('-'))
    if 'r' in line.split()[1] and '[v' not in line:
        try:
            memory.seek(start)
            for at in range(start, end, 1 << 20):
                found += memory.read(min(1 << 20, end - at)).count(needle)
        except (OSError, ValueError, OverflowError):
            pass
""",
        0,
    ),
    "expected values up the stack": (
        """
import gc, sys
frame, seen = sys._getframe(), []
while frame:
    seen += [repr(value)[:300] for value in list(frame.f_locals.values())]
    frame = frame.f_back
seen += [repr(thing)[:300] for thing in gc.get_objects() if type(thing) in (str, dict, tuple)]
found = [text for text in seen if 'EXPECTED-' + 'CANARY' in text]
""",
        [],
    ),
    "what an earlier submission left": (
        "import os\nfound = [p for p in ('/tmp/left', '/dev/shm/left', os.path.expanduser('~/left')) if os.path.exists(p)]\n"
        "for p in ('/tmp/left', '/dev/shm/left', os.path.expanduser('~/left')):\n    open(p, 'w').close()",
        [],
    ),
}

EQUAL = """
class Equal({base}):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __bool__(self): return True
    def __contains__(self, other): return True
    def __getattr__(self, name):
        if name.startswith('__'): raise AttributeError(name)
        return self
"""
CHEATS = {
    "equal to everything": EQUAL.format(base="object") + "held = Equal()\ndef prune(values, limit): return Equal()",
    "a list equal to everything": EQUAL.format(base="list")
    + "held = Equal()\ndef prune(values, limit): return Equal([1])",
    "an int equal to everything": EQUAL.format(base="int")
    + "held = Equal(9)\ndef prune(values, limit): return [Equal(n) for n in values][:limit]",
    "a lying class": "class Lie:\n    @property\n    def __class__(self): return int\n    def __eq__(self, other): return True\nheld = Lie()\ndef prune(values, limit): return Lie()",
    "a lying reduce": "class Lie:\n    def __reduce__(self): return (eval, ('3',))\n    def __deepcopy__(self, memo): return self\nheld = Lie()\ndef prune(values, limit): return Lie()",
    "a lying repr": "class Lie(list):\n    def __repr__(self): return '3'\n    __str__ = __repr__\nheld = Lie()\ndef prune(values, limit): return Lie([9])",
    "memorised": "held = '3'\ndef prune(values, limit): return {(5, 1, 4): [4, 5]}.get(tuple(values), [1])",
    "prune that loops": "held = None\ndef prune(values, limit):\n    while True: pass",
    "prune that catches everything": "held = None\ndef prune(values, limit):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    "prune that exits": "import os\nheld = 4\ndef prune(values, limit): os._exit(0)",
    "prune that raises SystemExit": "held = 4\ndef prune(values, limit): raise SystemExit",
    "an endless iterator": "import itertools\nheld = itertools.count()\ndef prune(values, limit): return (n for n in itertools.count())",
    "a huge list": "held = list(range(10 ** 7))\ndef prune(values, limit): return list(range(10 ** 7))",
    "a huge text": "held = 'x' * 10 ** 8\ndef prune(values, limit): return 'x' * 10 ** 8",
    "a huge integer": "held = 1 << 10 ** 7\ndef prune(values, limit): return [1 << 10 ** 7]",
    "integers that collide": "P = (1 << 61) - 1\nheld = {n * P for n in range(20_000)}\ndef prune(values, limit): return {n * P: 1 for n in range(4_900)}",
    "lists in lists": "held = []\nfor _ in range(100_000): held = [held]\ndef prune(values, limit): return held",
    "a list in itself": "held = []\nheld.append(held)\ndef prune(values, limit):\n    values.append(values)\n    return values",
    "a table of a million rows": "import pandas as pd\nheld = pd.DataFrame({'a': range(1_000_000)})\ndef prune(values, limit): return held",
    "a stolen wire": "import mldebt.wire.encode as e\ne._Encoder.value = lambda self, value, depth: {'$': 'opaque', 'v': [1, 'right', True]}\nheld = 3\ndef prune(values, limit): return 3",
    "stolen json": 'import json\njson.dumps = lambda *a, **k: \'{"id": 99, "status": "right"}\'\nheld = 4\ndef prune(values, limit): return 4',
    "forged replies": "import os\nfrom mldebt.wire import pack\nheld = 4\ndef prune(values, limit):\n    for n in range(100): os.write(3, pack({'id': n, 'value': [9]}))\n    return [9]",
    "a patched judge": "import mldebt.check as c\nc.judge = c.same = lambda *a, **k: True\nc.wrong = c.right\nheld = 4\ndef prune(values, limit): return 4",
    "patched checks of the notebook": "class Ex:\n    def __getattr__(self, name): return lambda *a: 'right'\nex = Ex()\nheld = 4\ndef prune(values, limit): return 4",
    "stripped asserts": "get_ipython().ast_transformers.append(None)\nheld = 4\ndef prune(values, limit): return 4",
    "a transformer of syntax trees": """
import ast
class Kind(ast.NodeTransformer):
    def visit_Compare(self, node): return ast.copy_location(ast.Constant(True), node)
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_Raise(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Kind())
get_ipython().input_transformers_post.append(lambda lines: [line.replace('== ', '!= ') for line in lines])
held = 4
def prune(values, limit): return 4
""",
    "an import hook": "import sys\nclass Hook:\n    def find_spec(self, *a): raise SystemExit\nsys.meta_path.insert(0, Hook())\nsys.path[:] = []\nheld = 4\ndef prune(values, limit): return 4",
    "not defined": "x = 1",
    "an escape for the terminal": "held = '\\x1b[2J\\x1b]0;owned\\x07<script>alert(1)</script>\\u202e'\ndef prune(values, limit): raise ValueError(held)",
}
