"""Style sheets, scripts and fonts, served without leaving the world that the request came in."""

from pathlib import Path
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class Assets(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, which is synchronous and would cost every request a change of thread."""

    async_capable = sync_capable = True

    def __init__(self, get_response: Any) -> None:
        # Before `collectstatic` there is no such folder, which WhiteNoise warns of at every start.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        super().__init__(get_response)
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.answer(request) if iscoroutinefunction(self) else super().__call__(request)

    async def answer(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        asset = self.find_file(path) if self.autorefresh else self.files.get(path)
        if asset is None:
            response: HttpResponseBase = await self.get_response(request)
            return response
        return self.read(asset, request)

    @staticmethod
    def read(asset: Any, request: HttpRequest) -> HttpResponse:
        """Read the asset at once: the largest is some ten kilobytes, and files cannot be streamed here."""
        found = asset.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response
