"""Types on terminals: each line of the input is a JSON list [terminal, "type" or "await", text].

A terminal begins with its first line. The program, the command line's words, runs on each; what it
shows is awaited, in order. Ends with what was shown last when an awaited text does not come."""
import json
import os
import pty
import select
import sys


class Terminal:
    def __init__(self, words):
        self.shown = ""
        pid, self.fd = pty.fork()
        if pid == 0:
            os.execvp(words[0], words)

    def type(self, text):
        os.write(self.fd, text.encode())

    def await_(self, text):
        while text not in self.shown:
            if not select.select([self.fd], [], [], 60)[0]:
                sys.exit(f"{text!r} did not come; shown: {self.shown!r}")
            try:
                part = os.read(self.fd, 4096)
            except OSError:  # the program ended
                part = b""
            if not part:
                sys.exit(f"the end came before {text!r}; shown: {self.shown!r}")
            self.shown += part.decode("utf-8", "replace")
        self.shown = self.shown.partition(text)[2]


terminals = {}
for line in sys.stdin:
    name, deed, text = json.loads(line)
    if name not in terminals:
        terminals[name] = Terminal(sys.argv[1:])
    terminal = terminals[name]
    terminal.type(text) if deed == "type" else terminal.await_(text)
