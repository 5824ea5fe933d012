#!/usr/bin/env python3
"""Times `greenroom play` beside `curl -N` on the same stream of a reply, served on this machine.

    cargo build --release
    python3 benches/stream_beside_curl.py target/release/greenroom [tokens a second] [rounds]

A reply of 2,000 tokens, one event each, in OpenAI's format: first as fast as the reader takes it, then at the given rate
(500). Wall time and CPU time (user and system, of the child alone) are medians of the rounds, taken in turns.
"""

import http.server
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time

TOKENS = 2000
EVENT = 'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}\n\n'
END = (
    'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],'
    '"usage":{"prompt_tokens":5,"completion_tokens":2000,"total_tokens":2005}}\n\ndata: [DONE]\n\n'
)


class Stream(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rate = 0

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        began = time.perf_counter()
        for number in range(TOKENS):
            if Stream.rate:
                wait = began + number / Stream.rate - time.perf_counter()
                if wait > 0:
                    time.sleep(wait)
            self.piece(EVENT)
        self.piece(END)
        self.wfile.write(b"0\r\n\r\n")

    def piece(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            # who has read the end of a reply closes the connection before the end of the answer
            pass


def timed(command, environment):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0 or done.stdout.count(b"word ") != TOKENS:
        sys.exit(f"{command[0]} did not give the whole reply: {done.stderr.decode()[-500:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    program = os.path.abspath(sys.argv[1])
    paced = float(sys.argv[2]) if len(sys.argv) > 2 else 500
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    with tempfile.TemporaryDirectory() as folder:
        draft = os.path.join(folder, "prompts", "help", "draft")
        os.makedirs(draft)
        with open(os.path.join(draft, "system_prompt.txt"), "w", encoding="utf-8") as file:
            file.write("# Role\nYou help.\n")
        config = os.path.join(folder, "config", "greenroom")
        os.makedirs(config)
        with open(os.path.join(config, "config.toml"), "w", encoding="utf-8") as file:
            file.write(f'[providers.local]\napi = "openai"\nbase_url = "{url}"\n')
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "XDG_CONFIG_HOME": os.path.join(folder, "config"),
            "XDG_STATE_HOME": os.path.join(folder, "state"),
        }
        body = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hi"}]})
        commands = {
            "curl -N": ["curl", "-sN", "-H", "content-type: application/json", "-d", body, f"{url}/chat/completions"],
            "greenroom play": [program, "--library", folder, "play", "help", "-m", "Hi", "--model", "local:m"],
        }
        for rate in (0, paced):
            Stream.rate = rate
            times = {name: [] for name in commands}
            for _ in range(rounds if not rate else max(3, rounds // 2)):
                for name, command in commands.items():
                    times[name].append(timed(command, environment))
            print(f"{TOKENS} tokens, " + (f"{rate:.0f} a second" if rate else "as fast as they are read"))
            medians = {}
            for name, all_times in times.items():
                medians[name] = [statistics.median(column) for column in zip(*all_times)]
                print(f"  {name:<15} wall {medians[name][0] * 1000:8.1f} ms   CPU {medians[name][1] * 1000:7.1f} ms")
            ratios = [ours / theirs for ours, theirs in zip(medians["greenroom play"], medians["curl -N"])]
            print(f"  {'ratio':<15} wall {ratios[0]:8.2f}      CPU {ratios[1]:7.2f}")


main()
