"""What visitors meet at a site's names: the certificate, the way to HTTPS, the way to the right name."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from meishi.publishing.domain.names import Names
from meishi.publishing.domain.report import Check
from meishi.publishing.domain.web import Got, Web

#: GitHub renews 30 days before the end; with less than this left something is wrong.
_SOON = timedelta(days=20)
_REDIRECTS = (301, 302, 307, 308)


class WebChecks:
    """Look at a site as a browser does."""

    def __init__(self, web: Web, names: Names, now: datetime) -> None:
        self._web = web
        self._names = names
        self._now = now

    def safe(self) -> tuple[Check, Check]:
        """Look at the certificate and at what HTTPS shows."""
        got = self._web.get(self._names.host, safe=True)
        return self._certificate(got), self._site(got)

    def _certificate(self, got: Got) -> Check:
        host, certificate = self._names.host, got.certificate
        if got.nowhere:
            return Check("certificate", host, "unknown", "nowhere")
        if certificate is None:
            return Check("certificate", host, "error", "unreachable", values={"detail": got.detail})
        until = f"{certificate.until:%Y-%m-%d}" if certificate.until else "?"
        found, values = (*certificate.names, until), {"until": until, "detail": certificate.detail}
        if certificate.trouble == "expired":
            return Check("certificate", host, "error", "expired", found, (host,), values=values)
        if certificate.trouble == "other_name" or (
            certificate.trouble and host not in certificate.names and "*.github.io" in certificate.names
        ):
            return Check("certificate", host, "error", "not_yet", found, (host,), values=values)
        if certificate.trouble:
            return Check("certificate", host, "error", "untrusted", found, (host,), values=values)
        if certificate.until is not None and certificate.until - self._now < _SOON:
            return Check("certificate", host, "warning", "soon", found, (host,), values=values)
        return Check("certificate", host, "good", "fine", found, (host,), values=values)

    def _site(self, got: Got) -> Check:
        host = self._names.host
        values = {"value": got.location or str(got.status)}
        found = _told(got)
        if not got.status:
            return Check("site", host, "unknown", "unreachable")
        if got.status in _REDIRECTS:
            if urlsplit(got.location).hostname in (host, None):
                return Check("site", host, "good", "fine", found)
            return Check("site", host, "error", "elsewhere", found, values=values)
        if got.status == 404:
            return Check("site", host, "error", "missing", found, ("200",))
        if got.status != 200:
            return Check("site", host, "error", "broken", found, ("200",), values=values)
        return Check("site", host, "good", "fine", found)

    def to_https(self) -> Check:
        """Look at where http:// leads."""
        host = self._names.host
        got = self._web.get(host, safe=False)
        wanted = (f"301 → https://{host}/",)
        if got.nowhere:
            return Check("https", host, "unknown", "nowhere")
        if not got.status:
            return Check("https", host, "warning", "unreachable", values={"detail": got.detail})
        found, values = _told(got), {"value": got.location or str(got.status)}
        if got.status in _REDIRECTS:
            onward = urlsplit(got.location)
            if (onward.scheme, onward.hostname) == ("https", host):
                return Check("https", host, "good", "fine", found, wanted)
            return Check("https", host, "error", "elsewhere", found, wanted, values=values)
        if got.status == 200:
            return Check("https", host, "warning", "not_enforced", found, wanted)
        return Check("https", host, "error", "broken", found, wanted, values=values)

    def partner(self) -> Check:
        """Look at whether www and the apex lead to the same place."""
        host, partner = self._names.host, self._names.partner
        got = self._web.get(partner, safe=True)
        values = {"host": host, "value": got.location or str(got.status), "detail": got.detail}
        wanted = (f"301 → https://{host}/",)
        if got.nowhere:
            return Check("partner", partner, "unknown", "nowhere", values=values)
        if not got.status:
            names = got.certificate.names if got.certificate else ()
            # Names say in every language what OpenSSL says in English.
            values["detail"] = ", ".join(names) or got.detail
            return Check("partner", partner, "warning", "not_yet", names, (partner,), values=values)
        if got.status in _REDIRECTS:
            if urlsplit(got.location).hostname == host:
                return Check("partner", partner, "good", "fine", _told(got), wanted, values=values)
            return Check("partner", partner, "warning", "elsewhere", _told(got), wanted, values=values)
        return Check("partner", partner, "warning", "stays", _told(got), wanted, values=values)


def _told(got: Got) -> tuple[str, ...]:
    return (f"{got.status} → {got.location}" if got.location else str(got.status),)
