"""What the static analysis of one expression finds: faults, and the properties it may read."""

from __future__ import annotations

from msgspec import Struct, field

from tenantproof.language.grammar import Node


class Fault(Struct, frozen=True):
    """Something wrong inside an expression; `offset` and `length` count characters."""

    rule: str
    message: str
    help: str
    offset: int
    length: int = 1
    consequence: str = ""


class Analysis(Struct):
    """Collects faults and reads while the tree is walked."""

    faults: list[Fault] = field(default_factory=list)
    reads: set[tuple[str, str]] = field(default_factory=set)
    drops_null: list[Node] = field(default_factory=list)

    def fault(self, node: Node, rule: str, message: str, remedy: str, because: str = "") -> None:
        """Note a fault at a node, or at the first placed node below it."""
        placed = placed_node(node)
        start = placed.get("start", 0)
        length = max(1, placed.get("end", 0) - start)
        self.faults.append(Fault(rule, message, remedy, start, length, because))


def placed_node(node: Node) -> Node:
    """Return the node, or the one below it that stands first and knows where it stands."""
    waiting = [node]
    while waiting:
        here = waiting.pop(0)
        if "start" in here:
            return here
        waiting[:0] = [child for child in here["children"] if isinstance(child, dict)]
    return node


def a(noun: str) -> str:
    """Return a noun with its article."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
