"""JMESPath expressions over records: the released library's grammar and values, null-safe.

JMESPath's own parser makes the tree; each node becomes a small function, and an expression that has
run through many records becomes generated source. A property that was not exported, or that is
damaged, ends the evaluation: the whole expression is then ``Unknown``.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any, Final

from jmespath.exceptions import JMESPathError
from msgspec import Struct

from tenantproof.language.cost import looks_of
from tenantproof.language.functions import Step
from tenantproof.language.generated import generated
from tenantproof.language.grammar import Node, parse
from tenantproof.language.steps import step_of
from tenantproof.language.values import Readable, UnknownRead
from tenantproof.verdict import Unknown, Why, unknown

MANY: Final = 2_000
"""After so many records the time that compiling takes has been won."""


class Expression(Struct, frozen=True, eq=False):
    """A compiled expression; `text` is as written, `tree` as JMESPath's parser made it.

    It looks at each value of what it reads at most `looks` times.
    """

    text: str
    tree: Node
    run: Step
    looks: int = 1

    def value(self, subject: Any) -> Any:
        """Return the expression's value for a subject, or an Unknown; never raises on data."""
        run = for_many(self, subject.size) if isinstance(subject, Readable) else self.run
        try:
            found = run(subject)
        except UnknownRead as error:
            return error.found
        except (JMESPathError, TypeError, ValueError, ArithmeticError, LookupError,
                AttributeError, RecursionError, MemoryError) as error:
            return self._failed(error)
        return found

    def _failed(self, error: BaseException) -> Unknown:
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        return unknown(Why.EXPRESSION, "", self.text, words[:200])


@lru_cache(maxsize=4096)
def compiled(text: str) -> Expression:
    """Return the compiled expression; raises ExpressionError where it cannot be read."""
    tree = parse(text)
    return Expression(text, tree, step_of(tree), looks_of(tree))


_run_through: Counter[str] = Counter()


def for_many(expression: Expression, records: int) -> Step:
    """Return the quickest way to run an expression that is about to meet so many records."""
    _run_through[expression.text] += records
    if _run_through[expression.text] < MANY:
        return expression.run
    return _source_of(expression.text)


@lru_cache(maxsize=4096)
def _source_of(text: str) -> Step:
    return generated(compiled(text).tree)
