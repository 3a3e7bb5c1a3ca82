"""What every command prints, whole: each form of its result, and its typical refusals."""

from pathlib import Path
from typing import Any

import golden
import pytest
from commands import Command, commands
from golden import Case
from stage import Played

TEXT = "text"
# Stories about the program and its groups, beside those of the commands.
OTHER_FILES = {"originstamp", "dfx", "canister", "identity"}
# A script is nothing to read as JSON.
WITHOUT_FORMS = {"completions"}


def file_of(command: Command) -> Path:
    return golden.FOLDER / f"{'-'.join(command.words)}.txt"


def told(file: Path) -> list[Case]:
    return golden.cases(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", golden.golden_files(), ids=lambda file: file.stem)
def test_a_command_prints_what_its_golden_file_says(file: Path) -> None:
    wanted = told(file)

    found = golden.played(case.line for case in wanted)

    for expected, case in zip(wanted, found, strict=True):
        assert (case.line, case.exit_code) == (expected.line, expected.exit_code)
        assert (case.line, case.stdout) == (expected.line, expected.stdout)
        assert (case.line, case.stderr) == (expected.line, expected.stderr)


def test_every_command_has_its_golden_file_and_no_file_is_left_over() -> None:
    wanted = {file_of(command).stem for command in commands()}

    assert {file.stem for file in golden.golden_files()} == wanted | OTHER_FILES


def forms(command: Command) -> set[str]:
    """Return the forms of a command's result, each of which a golden file has to show."""
    option: Any = next((each for each in command.declared.params if each.name == "output"), None)
    if option is None or command.name in WITHOUT_FORMS:
        return {TEXT}
    choices = option.type_descriptor.choices or option.metavar.split("|")
    return {str(choice) for choice in choices}


def form_of(line: str) -> str:
    return line.partition("--output ")[2].partition(" ")[0] or TEXT


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_every_form_and_a_refusal_of_a_command_are_golden(command: Command) -> None:
    about = [case for case in told(file_of(command)) if f"{command.line} " in f"{case.line} "]
    answered = {form_of(case.line) for case in about if case.exit_code == ["exit 0"]}

    assert forms(command) - answered == set()
    assert any(case.exit_code != ["exit 0"] and case.stderr for case in about)


def test_a_golden_file_tells_each_stream_and_every_blank() -> None:
    case = golden.told("program word", Played(3, "one \n\n  two\n", " *", "not told"))

    assert case.exit_code == ["exit 3"]
    assert case.stdout == ["out: one ⏎", "out:", "out:   two"]
    assert case.stderr == ["err:  *…no line end"]
    lines = [f"$ {case.line}", *case.exit_code, *case.stdout, *case.stderr]
    assert golden.cases("# A story.\n" + "\n".join(lines)) == [case]


def test_a_golden_file_is_written_anew_below_what_introduces_it() -> None:
    written = golden.rewritten("# A story.\n\n$ dfx --version\nexit 7\nout: wrong\n")

    assert written == "# A story.\n\n$ dfx --version\nexit 0\nout: dfx 0.32.0\n"
