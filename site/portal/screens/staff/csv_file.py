"""A CSV file as an answer. It is complete before the first byte is sent, so an error cannot cut a download short."""

from tempfile import SpooledTemporaryFile

from flask import Response, send_file

KEPT_IN_MEMORY = 1024 * 1024  # bytes; what is longer waits on the disk


def csv_file(file: SpooledTemporaryFile, name: str, content_type: str = "text/csv; charset=utf-8") -> Response:
    file.seek(0)
    response = send_file(file, mimetype="text/csv", as_attachment=True, download_name=name, etag=False, conditional=False)
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = "no-store"
    return response
