"""Responses in brotli or gzip, as the browser accepts."""

from flask import Flask, Response
from flask_compress import Compress


class CompressErrorsToo(Compress):
    """Flask-Compress skips everything but 2xx, but a form with errors (422) is the longest page."""

    def after_request(self, response: Response) -> Response:
        status = response.status
        if response.status_code >= 400:
            response.status_code = 200
        response = super().after_request(response)
        response.status = status
        return response


def add_compression(app: Flask) -> None:
    app.config |= {"COMPRESS_ALGORITHM": ["br", "gzip"], "COMPRESS_BR_LEVEL": 5, "COMPRESS_MIN_SIZE": 300}
    CompressErrorsToo(app)
