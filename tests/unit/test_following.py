import subprocess
import sys

from culturalign.following import follow


def test_what_is_appended_is_shown_and_the_status_returned(tmp_path, capsys):
    output = tmp_path / "output.log"
    output.write_text("before\n")
    looks: list[bool] = []
    script = "import time; print('now', flush=True); time.sleep(0.5); raise SystemExit(3)"
    with output.open("a") as file:
        process = subprocess.Popen([sys.executable, "-c", script], stdout=file)
        status = follow(process, output, begin=7, each=lambda: looks.append(True))
    assert status == 3
    assert capsys.readouterr().err == "now\n"
    assert looks
