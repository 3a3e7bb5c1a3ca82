"""A shell script written for dfx, run unchanged with our dfx on its PATH."""

import subprocess
from pathlib import Path

from conftest import World

SCRIPT = Path(__file__).parent / "scripts" / "artist.sh"


def test_a_script_written_for_dfx_runs_unchanged(fresh: World, tmp_path: Path) -> None:
    shim = fresh.process("dfx-shim", str(tmp_path / "bin"))
    assert shim.stdout.decode() == f"{tmp_path / 'bin' / 'dfx'}\n"
    fresh.variables["PATH"] = f"{tmp_path / 'bin'}:{fresh.variables['PATH']}"

    done = subprocess.run(
        ["bash", str(SCRIPT)], env=fresh.variables, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == "configured\ntoken 1 belongs to the collector\n"


def test_invoked_as_dfx_it_says_so(fresh: World, tmp_path: Path) -> None:
    fresh.process("dfx-shim", str(tmp_path / "bin"))

    said = subprocess.run(
        [str(tmp_path / "bin" / "dfx"), "--version"],
        env=fresh.variables,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout, said.stderr) == (0, "dfx 0.32.0\n", "")


def test_a_shim_is_made_anew_over_an_old_one_and_never_over_a_file(
    fresh: World, tmp_path: Path
) -> None:
    assert fresh.process("dfx-shim", str(tmp_path / "bin")).returncode == 0
    assert fresh.process("dfx-shim", str(tmp_path / "bin")).returncode == 0
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "dfx").write_text("the real one")

    refused = fresh.process("dfx-shim", str(tmp_path / "other"))

    assert refused.returncode == 1
    assert b"cannot be made" in refused.stderr
    assert (tmp_path / "other" / "dfx").read_text() == "the real one"


def test_a_shim_is_never_made_over_a_link_to_another_dfx(fresh: World, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "dfx"
    link.symlink_to("/bin/true")

    refused = fresh.process("dfx-shim", str(tmp_path / "bin"))

    assert refused.returncode == 1
    assert refused.stdout == b""
    assert str(link.readlink()) == "/bin/true"
