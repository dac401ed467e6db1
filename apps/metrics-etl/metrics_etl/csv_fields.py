"""Cuts one line of CSV into its fields."""

from __future__ import annotations


def csv_fields(line: str) -> list[str] | None:
    """The fields of a line; nothing when a quote is torn.

    A field that begins with a double quote is quoted and ends on its line; a quote anywhere else is an ordinary character.

    >>> csv_fields('a,"b,""c"" ",d"e')
    ['a', 'b,"c" ', 'd"e']
    """
    if '"' not in line:
        return line.split(",")
    fields: list[str] = []
    at = 0
    while True:
        if line.startswith('"', at):
            end = _closing_quote(line, at + 1)
            if end is None:
                return None
            fields.append(line[at + 1 : end].replace('""', '"'))
            at = end + 1
            if at < len(line) and line[at] != ",":
                return None
        else:
            end = line.find(",", at)
            end = len(line) if end < 0 else end
            fields.append(line[at:end])
            at = end
        if at >= len(line):
            return fields
        at += 1


def _closing_quote(line: str, at: int) -> int | None:
    while True:
        quote = line.find('"', at)
        if quote < 0:
            return None
        if line[quote + 1 : quote + 2] != '"':
            return quote
        at = quote + 2
