"""`python -m bench`: prints the speed table and writes it to docs/speed.md."""

from pathlib import Path

from . import speed

PAGE = Path(__file__).resolve().parents[1] / "docs" / "speed.md"

if __name__ == "__main__":
    page = speed.page()
    print(page)
    PAGE.write_text(page, encoding="utf-8")
