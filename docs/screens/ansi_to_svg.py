#!/usr/bin/env python3
"""Draws what a terminal shows, as `tmux capture-pane -p -e` prints it, as an SVG picture.

Reads standard input, writes standard output. Every run of cells gets its exact width, so that the grid holds with any
monospaced font, and lines of boxes are drawn as lines, so that they join.
"""

import argparse
import re
import sys
import unicodedata
from html import escape

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE, BASELINE, MARGIN = 8.4, 18, 14, 13.5, 12
FOREGROUND, BACKGROUND = "#d8dee9", "#14171c"
BASIC = """
    #2b303b #e06c75 #98c379 #e5c07b #61afef #c678dd #56b6c2 #c8ccd4
    #5c6370 #ff7a85 #b5e890 #ffd68a #82c4ff #e29cf5 #7fdbe6 #ffffff
""".split()

# The arms of a box-drawing character: up, right, down, left; 1 is a light line, 2 a heavy one, 3 a double one.
ARMS = {
    "─": "0101", "│": "1010", "┌": "0110", "┐": "0011", "└": "1100", "┘": "1001",
    "├": "1110", "┤": "1011", "┬": "0111", "┴": "1101", "┼": "1111",
    "╭": "0110", "╮": "0011", "╰": "1100", "╯": "1001",
    "━": "0202", "┃": "2020", "┏": "0220", "┓": "0022", "┗": "2200", "┛": "2002",
    "═": "0303", "║": "3030", "╔": "0330", "╗": "0033", "╚": "3300", "╝": "3003",
    "╠": "3330", "╣": "3033", "╦": "0333", "╩": "3303", "╬": "3333",
    "╟": "3130", "╢": "3031", "╞": "1310", "╡": "1013", "╪": "1313", "╫": "3131",
}


def indexed(n):
    """The colour of the 256-colour palette's place `n`."""
    if n < 16:
        return BASIC[n]
    if n >= 232:
        level = 8 + 10 * (n - 232)
        return f"#{level:02x}{level:02x}{level:02x}"
    steps = (0, 95, 135, 175, 215, 255)
    n -= 16
    return "#{:02x}{:02x}{:02x}".format(steps[n // 36], steps[n // 6 % 6], steps[n % 6])


class Pen:
    """How the next cell is drawn: the state that SGR sequences change."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.fg = self.bg = None
        self.on = set()

    def apply(self, sequence):
        # `4:3` is one parameter with a detail; only an underline's kind 0 (none) matters here.
        parameters = [part for part in sequence.split(";")] or ["0"]
        at = 0
        while at < len(parameters):
            head, _, detail = parameters[at].partition(":")
            code = int(head or 0)
            at += 1
            if code in (38, 48, 58):
                rest = detail.split(":") if detail else parameters[at:]
                if rest and rest[0] == "5":
                    colour, used = indexed(int(rest[1])), 2
                elif rest and rest[0] == "2":
                    numbers = [part for part in rest[1:] if part != ""] if detail else rest[1:4]
                    colour, used = "#{:02x}{:02x}{:02x}".format(*map(int, numbers[-3:])), 4
                else:
                    continue
                at += 0 if detail else used
                if code == 38:
                    self.fg = colour
                elif code == 48:
                    self.bg = colour
            elif code == 0:
                self.reset()
            elif code == 4:
                self.on.discard(4) if detail == "0" else self.on.add(4)
            elif code in (1, 2, 3, 7, 9):
                self.on.add(code)
            elif code == 22:
                self.on -= {1, 2}
            elif code in (23, 24, 27, 29):
                self.on.discard(code - 20)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fg = BASIC[code - 30 if code < 90 else code - 82]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.bg = BASIC[code - 40 if code < 100 else code - 92]
            elif code == 39:
                self.fg = None
            elif code == 49:
                self.bg = None

    def style(self):
        fg, bg = self.fg or FOREGROUND, self.bg or BACKGROUND
        if 7 in self.on:
            fg, bg = bg, fg
        if 2 in self.on:
            fg = mix(fg, bg)
        return fg, bg, frozenset(self.on & {1, 3, 4, 9})


def mix(a, b):
    """Two thirds of `a`, one third of `b`: how terminals dim."""
    parts = [(int(a[i:i + 2], 16) * 2 + int(b[i:i + 2], 16)) // 3 for i in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*parts)


def width(char):
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def rows_of(text):
    """Rows of cells `(column, text, width, style)`, neighbours of one style still apart."""
    pen = Pen()
    for line in text.split("\n"):
        cells, column, at = [], 0, 0
        while at < len(line):
            escape_sequence = re.match(r"\x1b\[([0-9;:]*)m", line[at:])
            other = re.match(r"\x1b(\][^\x07\x1b]*(\x07|\x1b\\)|\[[0-9;?]*[A-Za-z]|[()].|.)", line[at:])
            if escape_sequence:
                pen.apply(escape_sequence[1])
                at += escape_sequence.end()
            elif other:
                at += other.end()
            else:
                char, cell_width = line[at], width(line[at])
                if cell_width == 0 and cells:
                    last = cells[-1]
                    cells[-1] = (last[0], last[1] + char, last[2], last[3])
                else:
                    cells.append((column, char, cell_width, pen.style()))
                    column += cell_width
                at += 1
        yield cells


def box(char, column, row, length):
    """The lines of a box-drawing character that is repeated `length` times, and their weight."""
    left, top = MARGIN + column * CELL_WIDTH, MARGIN + row * CELL_HEIGHT
    right = left + length * CELL_WIDTH
    middle_x, middle_y = left + CELL_WIDTH / 2, top + CELL_HEIGHT / 2
    ends = ((middle_x, top), (right, middle_y), (middle_x, top + CELL_HEIGHT), (left, middle_y))
    path, weight = [], 1.2
    for arm, (x, y) in zip(ARMS[char], ends):
        if arm == "2":
            weight = 2.4
        for shift in {"0": (), "1": (0,), "2": (0,), "3": (-1.5, 1.5)}[arm]:
            dx, dy = (shift, 0) if x == middle_x else (0, shift)
            path.append(f"M{middle_x + dx:.1f} {middle_y + dy:.1f}L{x + dx:.1f} {y + dy:.1f}")
    return "".join(path), weight


def block(char, column, row, colour):
    """Full and partial blocks, which fonts leave gaps between."""
    shapes = {"█": (0, 0, 1, 1), "▌": (0, 0, .5, 1), "▐": (.5, 0, .5, 1), "▀": (0, 0, 1, .5), "▄": (0, .5, 1, .5),
              "▎": (0, 0, .25, 1), "▏": (0, 0, .125, 1), "▕": (.875, 0, .125, 1), "▁": (0, .875, 1, .125)}
    if char not in shapes:
        return None
    x, y, w, h = shapes[char]
    return rectangle(column + x, row + y, w, h, colour)


def rectangle(column, row, columns, rows, colour):
    return (f'<rect x="{MARGIN + column * CELL_WIDTH:.1f}" y="{MARGIN + row * CELL_HEIGHT:.1f}" '
            f'width="{columns * CELL_WIDTH:.1f}" height="{rows * CELL_HEIGHT:.1f}" fill="{colour}" '
            'shape-rendering="crispEdges"/>')


def run_of_text(cells, row):
    fg, _, on = cells[0][3]
    if not on & {4, 9}:
        while cells and cells[0][1] == " ":
            cells = cells[1:]
        while cells and cells[-1][1] == " ":
            cells = cells[:-1]
    if not cells:
        return None
    text = "".join(cell[1] for cell in cells)
    look = ' font-weight="700"' if 1 in on else ""
    look += ' font-style="italic"' if 3 in on else ""
    lines = [name for code, name in ((4, "underline"), (9, "line-through")) if code in on]
    look += f' text-decoration="{" ".join(lines)}"' if lines else ""
    return (f'<text x="{MARGIN + cells[0][0] * CELL_WIDTH:.1f}" y="{MARGIN + row * CELL_HEIGHT + BASELINE:.1f}" '
            f'textLength="{sum(cell[2] for cell in cells) * CELL_WIDTH:.1f}" lengthAdjust="spacingAndGlyphs" '
            f'fill="{fg}"{look}>{escape(text, quote=False)}</text>')


def drawn_rows(rows):
    """The elements of all rows: backgrounds, then lines of boxes, then text."""
    backgrounds, texts, lines = [], [], {}
    for row, cells in enumerate(rows):
        at = 0
        while at < len(cells):
            column, char, _, style = cells[at]
            fg, bg, _ = style
            end = at + 1
            if char in ARMS:
                while char in "─━═" and end < len(cells) and cells[end][1] == char and cells[end][3] == style:
                    end += 1
                path, weight = box(char, column, row, end - at)
                lines.setdefault((fg, weight), []).append(path)
            elif block(char, column, row, fg):
                texts.append(block(char, column, row, fg))
            else:
                while (end < len(cells) and cells[end][3] == style and cells[end][1] not in ARMS
                       and not block(cells[end][1], 0, 0, "")):
                    end += 1
                texts.append(run_of_text(cells[at:end], row))
            if bg != BACKGROUND:
                backgrounds.append(rectangle(column, row, sum(cell[2] for cell in cells[at:end]), 1, bg))
            at = end
    paths = [f'<path d="{"".join(parts)}" stroke="{colour}" stroke-width="{weight}" stroke-linecap="square"/>'
             for (colour, weight), parts in lines.items()]
    return backgrounds + paths + [text for text in texts if text]


def picture(text, title, size, cursor):
    rows = list(rows_of(text.removesuffix("\n")))
    columns, height = size or (max((cell[0] + cell[2] for cells in rows for cell in cells), default=1), len(rows))
    wide, high = f"{columns * CELL_WIDTH + 2 * MARGIN:.0f}", f"{height * CELL_HEIGHT + 2 * MARGIN:.0f}"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
        "<style>text{white-space:pre}</style>",
        '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" '
        f'font-size="{FONT_SIZE}" xml:space="preserve" fill="none">',
        *drawn_rows(rows),
    ]
    if cursor:
        out.append(f'<g fill-opacity="0.55">{rectangle(*cursor, 1, 1, FOREGROUND)}</g>')
    return "\n".join(out) + "\n</g>\n</svg>\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--title", default="greenroom")
    arguments.add_argument("--size", metavar="COLUMNS,ROWS", help="as large as the text when not given")
    arguments.add_argument("--cursor", metavar="COLUMN,ROW", help="where the cursor stands, from 0")
    given = arguments.parse_args()
    pair = lambda text: tuple(map(int, text.split(","))) if text else None
    sys.stdout.write(picture(sys.stdin.read(), given.title, pair(given.size), pair(given.cursor)))


if __name__ == "__main__":
    main()
