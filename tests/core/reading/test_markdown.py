"""Markdown without its marks."""

from antigone.core.reading import read


def test_read_strips_marks_and_keeps_headings_items_and_tables():
    source = (
        "---\ndate: 2026-03-03\n---\n# Séance du *3 mars*\n\nLe [conseil](https://x.example) **vote** :\n"
        "- l’eau\n- le `gaz`\n\n## Votes\n\n| Pour | Contre |\n|---|---|\n| 31 | 4 |\n\n<script>x</script>\n"
    )
    reading = read(source.encode(), "s.md")
    assert reading.title == "Séance du 3 mars"
    assert [(page.label, page.text) for page in reading.pages] == [
        ("Séance du 3 mars", "Séance du 3 mars\nLe conseil vote :\nl’eau\nle gaz"),
        ("Votes", "Votes\nPour · Contre\nPour\u00a0: 31 · Contre\u00a0: 4"),
    ]
