#!/usr/bin/env python3
"""Writes the tables of benches/README.md, the figures of README.md and the plot from `compare`'s results.

`inputs` writes the table of bad input, `costs` the rest.
"""
import pathlib
import statistics
import sys
import textwrap
import tomllib

HERE = pathlib.Path(__file__).parent
README = HERE / "../README.md"
FIRST_PAGE = HERE / "../../README.md"
COSTS = "<!-- written by benches/peers/compare -->"
INPUTS = "<!-- written by benches/peers/compare --inputs -->"
END = "<!-- end -->"
OURS = "rds-iam-token, `Signer::sign_into`"
SHOWN = [
    OURS,
    "rds-iam-token, `Signer::sign`",
    "rds-iam-token, `TokenRequest::sign`",
    "aws-sigv4",
    "aws-sdk-rds",
    "aws-rds-signer",
]


def read(path):
    return [line.split("\t") for line in path.read_text().splitlines()]


def with_version(name):
    packages = tomllib.loads((HERE / "Cargo.lock").read_text())["package"]
    [version] = [package["version"] for package in packages if package["name"] == name]
    return f"{name} {version}"


def table(header, rows, alignment="---:", labels=1):
    lines = [header, ["---"] * labels + [alignment] * (len(header) - labels), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def times_table(length, times, instructions):
    base = times[OURS, length][0]
    rows = []
    for name in ["floor", *SHOWN]:
        nanoseconds, least, allocations, allocated = times[name, length]
        count = instructions.get((name, length))
        rows.append([
            "the hash alone, with the day's key at hand" if name == "floor" else name,
            f"{nanoseconds:,.0f} ns",
            f"{least:,.0f} ns",
            f"{nanoseconds / base:.2f}" if nanoseconds < 10 * base else f"{nanoseconds / base:.0f}",
            f"{count:,}" if count else "–",
            f"{allocations:,.0f}",
            f"{allocated:,.0f}",
        ])
    header = ["", "time", "minimum", "ratio", "instructions", "allocations", "bytes allocated"]
    return table(header, rows)


def programs_table(programs, cold):
    rows = [
        [name, crates, f"{int(size) / 1000:,.0f} kB", f"{float(cold[name]):,.0f} s"]
        for name, crates, size in programs
    ]
    return table(["", "crates", "stripped program", "cold release build, CPU time"], rows)


def inputs_table(inputs):
    [_, *names], *rows = inputs
    rows = [[textwrap.shorten(cell, 60, placeholder=" …") for cell in row] for row in rows]
    return table(["", *map(with_version, names)], rows, "---")


def plot(times):
    lengths = sorted({length for _, length in times})
    lines = [
        ("aws-sdk-rds", "aws-sdk-rds", "#c0392b"),
        ("aws-sigv4", "aws-sigv4", "#e67e22"),
        ("rds-iam-token, `TokenRequest::sign`", "TokenRequest::sign", "#2471a3"),
        (OURS, "Signer::sign_into", "#1e8449"),
        ("floor", "the hash alone", "#7f8c8d"),
    ]
    width, height, left, top, right, bottom = 760, 420, 70, 20, 170, 50
    highest = max(times[name, length][0] for name, _, _ in lines for length in lengths)
    step = 2000
    highest = (int(highest) // step + 1) * step

    def x(length):
        return left + (width - left - right) * length / lengths[-1]

    def y(nanoseconds):
        return height - bottom - (height - top - bottom) * nanoseconds / highest

    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for mark in range(0, highest + 1, step):
        svg.append(
            f'<path d="M{left} {y(mark):.1f}H{width - right}" stroke="#ddd"/>'
            f'<text x="{left - 8}" y="{y(mark) + 4:.1f}" text-anchor="end">{mark / 1000:g} µs</text>'
        )
    for length in lengths:
        svg.append(
            f'<text x="{x(length):.1f}" y="{height - bottom + 18}" text-anchor="middle">{length}</text>'
        )
    svg.append(
        f'<text x="{(left + width - right) / 2}" y="{height - 10}" text-anchor="middle">'
        "characters of session token</text>"
    )
    lowest = height
    for name, label, color in lines:
        points = [f"{x(length):.1f},{y(times[name, length][0]):.1f}" for length in lengths]
        at = y(times[name, lengths[-1]][0])
        at = at + 14 if lowest < height and abs(at - lowest) < 14 else at
        lowest = at
        svg.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{color}" stroke-width="2"/>'
            f'<text x="{width - right + 8}" y="{at + 4:.1f}" fill="{color}">{label}</text>'
        )
    return "\n".join([*svg, "</svg>", ""])


def figures_table(times, programs, cold):
    crates = {name: count for name, count, _ in programs}
    peers = ["rds-iam-token", "aws-sdk-rds"]
    tokens = ["rds-iam-token, `Signer::sign_into`", "aws-sdk-rds"]
    rows = [
        ["crates in a program that signs one token"] + [crates[name] for name in peers],
        ["cold release build, CPU time"] + [f"{float(cold[name]):,.0f} s" for name in peers],
        ["a token with a session token of 1,000 characters, by a `Signer`"]
        + [f"{times[name, 1000][0] / 1000:,.1f} µs" for name in tokens],
    ]
    return table(["", *peers], rows)


def write(page, mark, parts):
    before, rest = page.read_text().split(mark)
    _, after = rest.split(END, 1)
    page.write_text(before + mark + "\n\n" + "\n\n".join(parts) + "\n\n" + END + after)


def write_inputs(target):
    write(README, INPUTS, [inputs_table(read(target / "inputs.tsv"))])


def measured(rows):
    """Returns the median and the minimum of the runs, and what each of them allocates."""
    runs = {}
    for name, length, nanoseconds, *allocations in rows:
        runs.setdefault((name, int(length)), []).append((float(nanoseconds), *map(float, allocations)))
    return {
        key: (statistics.median(run[0] for run in same), min(run[0] for run in same), *same[-1][1:])
        for key, same in runs.items()
    }


def write_costs(target):
    times = measured(read(target / "times.tsv"))
    instructions = {(row[0], int(row[1])): int(row[2]) for row in read(target / "instructions.tsv")}
    programs = read(target / "programs.tsv")
    cold = dict(read(HERE / "cold-builds.tsv"))
    write(README, COSTS, [
        f"With {', '.join(with_version(name) for name, *_ in programs)}.",
        "A token with long-lived keys:",
        times_table(0, times, instructions),
        "With a session token of 1,000 characters:",
        times_table(1000, times, instructions),
        "A program that signs one token:",
        programs_table(programs, cold),
    ])
    write(FIRST_PAGE, COSTS, [figures_table(times, programs, cold)])
    (HERE / "sessions.svg").write_text(plot(times))


if __name__ == "__main__":
    {"inputs": write_inputs, "costs": write_costs}[sys.argv[1]](pathlib.Path(sys.argv[2]))
