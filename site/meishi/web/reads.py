"""What one address was made from, noted down while it is rendered."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Stands between the parts of an ingredient's name: neither paths nor destinations can hold it.
SEPARATOR = "\0"


@dataclass(slots=True)
class Reads:
    """Names of ingredients, and addresses of files that the page cannot do without."""

    names: set[str] = field(default_factory=set)
    needs: dict[str, None] = field(default_factory=dict)

    def note(self, kind: str, *parts: object) -> None:
        """Note an ingredient: its kind, which is a method of `Ingredients`, and what tells it from others."""
        self.names.add(f"{kind}:{SEPARATOR.join(map(str, parts))}")

    def need(self, *addresses: str) -> None:
        """Note files that must be published with the page."""
        for address in addresses:
            self.needs[address] = None
