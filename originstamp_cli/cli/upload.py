"""`upload`: photos to where they are kept, and their addresses into a session."""

import os
from collections.abc import Callable
from typing import Annotated

import typer

from originstamp_cli.candid.types import TEXT, Field, Opt, Record, Type, Vec
from originstamp_cli.cli.common import Console, command, remedy
from originstamp_cli.cli.prompt import stoppable
from originstamp_cli.cli.report import report_all
from originstamp_cli.cli.sessions import Session, found
from originstamp_cli.errors import INTERRUPTED, OriginStampError, Refused
from originstamp_cli.network import Reply
from originstamp_cli.photos.photo import Photo, read
from originstamp_cli.render import Answer, Lines, Progress, progress

PANEL = "Storage"
SOME_FAILED = 1
ANSWERED: list[Type] = [Vec(Record([Field("file", TEXT), Field("url", TEXT)]))]
app = typer.Typer()


@command(app, panel=PANEL)
def upload(
    console: Console,
    session: Session,
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Photos of its making.")],
) -> Answer:
    """Upload photos to a session. Prints each file and the address recorded for it.

    They go to S3 where it is configured, else into a folder beside the state. A photo is named by
    its content, so that the same one is never there twice; uploading again is safe.

    Example: originstamp upload 3f9c2a7be01d4c55 sketch.png
    """
    work = Upload(console, session)
    with stoppable(), progress(console.environment, len(files), sum(map(_size, files))) as shown:
        for path in files:
            shown.next_file(path)
            if not work.attempt(path, shown):
                break
    return work.told(len(files))


def _size(path: str) -> int:
    return os.path.getsize(path) if os.path.isfile(path) else 0


class Upload:
    """The upload of several photos to one session: what is done, and what could not be."""

    def __init__(self, console: Console, session: str) -> None:
        """Raise `Refused` when there is no such session."""
        self._console = console
        self._session = session
        self._recorded = set(found(console, session).value["uploaded_photos"])
        self._to_s3 = console.call("get_s3_config_status").value
        self._kept: dict[str, str] = {}
        self._done: list[tuple[str, str]] = []
        self._failed: list[OriginStampError] = []
        self._interrupted = False

    def attempt(self, path: str, shown: Progress) -> bool:
        """Upload one photo, or remember why it could not be; return whether to go on."""
        try:
            self._done.append((path, self._recorded_url(read(path), shown.advance)))
        except OriginStampError as error:
            self._failed.append(error)
        except KeyboardInterrupt:
            self._interrupted = True
        return not self._interrupted

    def _recorded_url(self, photo: Photo, on_bytes: Callable[[int], None]) -> str:
        try:
            url = self._kept.get(photo.name) or self._keep(photo, on_bytes)
            self._kept[photo.name] = url
            if url not in self._recorded:
                self._console.call("upload_photo_to_session", self._session, url)
                self._recorded.add(url)
        except OriginStampError as error:
            error.plainly = f"{photo.path!r} was not uploaded. {error.plainly}"
            raise
        return url

    def _keep(self, photo: Photo, on_bytes: Callable[[int], None]) -> str:
        """Put a photo where photos are kept, and return its address."""
        if not self._to_s3:
            from originstamp_cli.photos import folder

            self._refuse_strangers()
            place = folder.beside(self._console.settings.state_path)
            return folder.keep(photo, place, on_bytes)
        from originstamp_cli.photos import s3
        from originstamp_cli.photos.signing import without_signature

        described = {
            "filename": photo.name,
            "content_type": photo.content_type,
            "file_size": photo.size,
        }
        signed = str(self._console.call("generate_upload_url", self._session, described).value)
        s3.put(signed, photo, on_bytes)
        return without_signature(signed)

    def _refuse_strangers(self) -> None:
        """Raise `Refused` where the address would not be recorded: nothing is to be kept then."""
        from originstamp_cli.canister.sessions import why_not_add_photos

        why = self._console.perform(why_not_add_photos, [self._session], [Opt(TEXT)]).value
        if why:
            raise Refused(why, fix=remedy(why))

    def told(self, wanted: int) -> Answer:
        """Say what went wrong, and return what is done with the exit code that this makes."""
        report_all(self._failed, self._console.environment)
        if self._interrupted:
            self._console.environment.say(
                f"Interrupted: {len(self._done)} of {wanted} files are uploaded."
            )
        if not self._done:
            raise typer.Exit(self._exit_code())
        lines = [{"file": path, "url": url} for path, url in self._done]
        answer = Answer(Reply([lines], ANSWERED), lines)
        answer.exit_code = self._exit_code()
        return answer.showing(Lines(["file", "url"], [list(each) for each in self._done]))

    def _exit_code(self) -> int:
        if self._interrupted:
            return INTERRUPTED
        if not self._failed:
            return 0
        codes = {error.exit_code for error in self._failed}
        return SOME_FAILED if self._done or len(codes) > 1 else codes.pop()
