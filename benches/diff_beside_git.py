#!/usr/bin/env python3
"""The whole `greenroom diff` command beside `git diff --no-index --word-diff` on the same two files, in turns.

    cargo build --release && python3 benches/diff_beside_git.py target/release/greenroom
"""

import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

WORDS = "answer the user about boards and tasks in plain words never promise a refund that billing has not approved".split()
TITLES = ["Identity & Role", "Behavioral Guidelines", "Capabilities & Limitations", "Output Format", "Safety Rails"]
RUNS, WARM_UPS = 10, 2


def sentence():
    return "- " + " ".join(random.choice(WORDS) for _ in range(14)) + "."


def prompt(lines):
    part = len(lines) // len(TITLES)
    sections = (f"# {title}\n\n" + "\n".join(lines[i * part:(i + 1) * part]) for i, title in enumerate(TITLES))
    return "\n\n".join(sections) + "\n"


def milliseconds(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - start) * 1000


def main():
    greenroom = pathlib.Path(sys.argv[1]).resolve()
    random.seed(1)
    print("| lines | changed | git | unified | json | side by side |\n| --- | --- | --- | --- | --- | --- |")
    for count in (5_000, 50_000):
        for percent in (1, 10, 100):
            lines = [sentence() for _ in range(count)]
            changed = list(lines)
            for index in random.sample(range(count), count * percent // 100):
                words = changed[index].split(" ")
                words[random.randrange(1, len(words) - 1)] = random.choice(["calm", "quick", "seven"])
                changed[index] = " ".join(words)
            with tempfile.TemporaryDirectory() as library:
                files = []
                for version, text in (("v1.0.0_2024-01-01", lines), ("v1.1.0_2024-02-01", changed)):
                    folder = pathlib.Path(library, "prompts/big", version)
                    folder.mkdir(parents=True)
                    files.append(folder / "system_prompt.txt")
                    files[-1].write_text(prompt(text))
                ours = [greenroom, "--library", library, "diff", "big", "1.0.0", "1.1.0"]
                commands = [
                    ["git", "diff", "--no-index", "--word-diff", *files],
                    [*ours, "--unified"],
                    [*ours, "--json"],
                    [*ours, "--side-by-side", "--width", "160"],
                ]
                times = [[] for _ in commands]
                for run in range(RUNS + WARM_UPS):
                    for command, taken in zip(commands, times):
                        took = milliseconds(command)
                        if run >= WARM_UPS:
                            taken.append(took)
            git, *rest = (statistics.median(taken) for taken in times)
            cells = " | ".join(f"{took:.1f} ms, {took / git:.2f}" for took in rest)
            print(f"| {count:,} | {percent} % | {git:.1f} ms | {cells} |", flush=True)


main()
