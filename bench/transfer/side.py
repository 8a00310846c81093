"""A client's process under watch."""

import os
import signal
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 300


class Side:
    """A client in a process of its own, and what it costs."""

    def __init__(self, command, ready, done=None, stdin=subprocess.PIPE):
        self.started = time.monotonic()
        self.finished = None
        self.ready, self.done = threading.Event(), threading.Event()
        self.lines = []
        self.anonymous = self.resident = 0
        self.usage = None
        self.process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        env=dict(os.environ, LC_ALL="C.UTF-8"))
        threading.Thread(target=self.listen, args=(ready, done), daemon=True).start()
        threading.Thread(target=self.watch, daemon=True).start()

    def listen(self, ready, done):
        for line in self.process.stdout:
            self.lines = (self.lines + [line.rstrip()])[-40:]
            if ready in line:
                self.ready.set()
            if done and done in line:
                self.done.set()

    def watch(self):
        while self.usage is None:
            try:
                with open("/proc/%d/status" % self.process.pid) as status:
                    for line in status:
                        if line.startswith("RssAnon:"):
                            self.anonymous = max(self.anonymous, int(line.split()[1]) / 1024)
                        elif line.startswith("VmHWM:"):
                            self.resident = max(self.resident, int(line.split()[1]) / 1024)
            except (OSError, ValueError):
                return
            time.sleep(0.05)

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid) as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def await_ready(self):
        if not self.ready.wait(PATIENCE):
            raise SystemExit("not ready: %s\n%s" % (self.process.args, "\n".join(self.lines)))
        return self

    def await_exit(self):
        """Ends once it has everything; processor seconds of its whole life."""
        killer = threading.Timer(PATIENCE, self.process.kill)
        killer.start()
        _, status, self.usage = os.wait4(self.process.pid, 0)
        killer.cancel()
        self.finished = time.monotonic()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode not in (0, 7, -signal.SIGTERM):
            raise SystemExit("%s ended with %s\n%s" % (self.process.args, self.process.returncode, "\n".join(self.lines)))
        return self.usage.ru_utime + self.usage.ru_stime

    def end(self):
        if self.usage is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.usage = ()
