import subprocess
import sys


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = (
        "import sys, prusoff.publishing.html, prusoff.publishing.xlsx, prusoff.publishing.json, "
        "prusoff.publishing.csv, prusoff.publishing.terminal, prusoff.reports.assay_run; "
        "print(sorted({'jinja2','xlsxwriter','rich','rfc8785','pydantic','matplotlib','scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
