"""A process beside this one that makes calls when it is told to, so that they interleave with others."""
import json
import subprocess


class CallProcess:
    def __init__(self, command, **options):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"error: {self.process.args[0]} ended")
        return json.loads(line)

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return self.answer()

    def contender(self, name=""):
        """A function from a number of calls to the seconds of each; its attribute gives the output's values."""
        def call(count):
            return [micros / 1e6 for micros in self.ask(" ".join(["call", *name.split(), str(count)]))]
        call.output = lambda: self.ask(f"outputs {name}".strip())
        return call

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
