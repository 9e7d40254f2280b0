"""The command `cyberweek verify`."""

import argparse
import sys
from pathlib import Path
from typing import Final

import msgspec

from cyberweek.knowledge.core.exports import key_from
from cyberweek.verify.reader import read_export
from cyberweek.verify.report import NotAnExportError, Report

ABOUT: Final = """\
Check an export of a contest: the chain of its ledger, every signature, every paper marked again, every board rebuilt.
Exit status: 0 everything holds; 1 something does not, each fault is named; 2 there was nothing to check.
"""


def verify(arguments: list[str]) -> int:
    parser = _parser()
    try:
        asked = parser.parse_args(arguments)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    try:
        key = key_from(asked.key) if asked.key else None
    except ValueError:
        sys.stderr.write("--key is not a public key: 32 bytes in base64, as the organiser publishes it.\n")
        return 2
    try:
        receipts = [_text_of(receipt) for receipt in asked.receipt]
        report = read_export(asked.export, key=key, receipts=receipts, heads=asked.head)
    except (NotAnExportError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(_as_json(report) if asked.json else _as_text(report))
    if not asked.json:
        for fault in report.faults:
            sys.stderr.write(f"{fault}\n")
    return 0 if report.holds else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cyberweek verify", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("export", type=Path, metavar="EXPORT", help="the file; packed with gzip or xz is fine too")
    parser.add_argument("--key", metavar="BASE64", help="the organiser's public key, from where you trust it")
    parser.add_argument("--receipt", metavar="TEXT", action="append", default=[], help="a receipt, or @FILE with one")
    parser.add_argument("--head", metavar="HEX", action="append", default=[], help="a head that was published")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    return parser


def _text_of(receipt: str) -> str:
    return Path(receipt[1:]).read_text(encoding="ascii") if receipt.startswith("@") else receipt


def _as_json(report: Report) -> str:
    told = {"holds": report.holds, **msgspec.to_builtins(report)}
    told["faults"] = [{"said": str(fault), **msgspec.to_builtins(fault)} for fault in report.faults]
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


def _as_text(report: Report) -> str:
    same = "the same as the server's" if report.boards == report.boards_said else "NOT the server's"
    whose = "the one you gave" if report.key_given else "as the export says: compare it with the published one"
    lines = [
        f"contest  {report.contest}, export made {report.made}",
        f"key      {report.fingerprint} ({whose})",
        f"ledger   batches {report.first} to {report.last}: {report.entries} entries, {report.papers} papers",
        f"head     {report.head or '-'}",
        f"boards   {report.boards} ({same})",
        *(f"draw     {d.id}: {d.step}, {d.prizes} prizes, {d.entries} entries" for d in report.draws),
        *(f"head     {head} stands after batch {batch}" for head, batch in report.heads.items()),
        *(f"receipt  batch {proof.batch}, position {proof.position}: {proof.said}" for proof in report.receipts),
        "everything holds" if report.holds else f"{len(report.faults)} faults",
    ]
    return "\n".join(lines) + "\n"
