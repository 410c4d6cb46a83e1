"""PDFs whose text stands where a test puts it, written with the standard library."""

from collections.abc import Sequence

Shown = tuple[float, float, str]
"""Text and where it begins, in points from the left and from the foot of the page."""


def draw_pdf(pages: Sequence[Sequence[Shown]], title: str = "") -> bytes:
    """A PDF with the given texts on its pages, drawn in this order in Helvetica of 10 points."""
    count = len(pages)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (count, b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(count))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, shown in enumerate(pages):
        drawn = "".join(f"1 0 0 1 {left} {foot} Tm ({text}) Tj " for left, foot, text in shown)
        stream = f"BT /F1 10 Tf {drawn}ET".encode("cp1252")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects.append(b"<< /Title (%s) >>" % title.encode())
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF"
    return data + trailer % (len(objects) + 1, len(objects), start)


def set_lines(lines: Sequence[str], left: float = 50, top: float = 700) -> list[Shown]:
    """Lines under one another, 12 points apart."""
    return [(left, top - 12 * number, line) for number, line in enumerate(lines)]
