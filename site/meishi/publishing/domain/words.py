"""The doctor's words: for each code how it stands and what to do, in English and Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from meishi.publishing.domain.words_en import ENGLISH
from meishi.publishing.domain.words_ja import JAPANESE

Language = Literal["en", "ja"]
WORDS = {"en": ENGLISH, "ja": JAPANESE}
#: The name of each check, in English and Japanese.
TITLES = {
    "domain": ("The domain", "ドメイン"),
    "address": ("The address in config.toml", "config.toml のアドレス"),
    "a": ("A records (IPv4)", "A レコード（IPv4）"),
    "aaaa": ("AAAA records (IPv6)", "AAAA レコード（IPv6）"),
    "cname": ("CNAME record", "CNAME レコード"),
    "wildcard": ("No wildcard", "ワイルドカードがないこと"),
    "caa": ("CAA records", "CAA レコード"),
    "challenge": ("Proof that the domain is yours", "ドメインの所有の証明"),
    "file": ("The file CNAME in what is published", "公開内容の CNAME ファイル"),
    "pages": ("The setting at GitHub", "GitHub の設定"),
    "certificate": ("Certificate", "証明書"),
    "site": ("The site over HTTPS", "HTTPS での表示"),
    "https": ("From http to https", "http から https へ"),
    "partner": ("From the other name to this one", "もう一つの名前からの転送"),
}


def language_of(tag: str) -> Language:
    """Return the language that a tag such as "ja-JP" or "ja_JP.UTF-8" asks for."""
    return "ja" if tag.lower().startswith("ja") else "en"


def title_of(check: str, language: Language) -> str:
    """Name a check."""
    return TITLES[check][language == "ja"]


def what_of(code: str, language: Language, values: Mapping[str, str]) -> str:
    """Say how it stands."""
    return _words(code, language)[0].format_map(values)


def action_of(code: str, language: Language, values: Mapping[str, str]) -> str:
    """Say what to do, "" where there is nothing to do."""
    return _words(code, language)[1].format_map(values)


def _words(code: str, language: Language) -> tuple[str, str]:
    """Return the words of a check's own code, or those that several checks share."""
    words = WORDS[language]
    return words.get(code) or words[f"any.{code.partition('.')[2]}"]
