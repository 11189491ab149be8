"""The part of DynamoDB's expression language that the project uses. Anything else raises NotImplementedError.

An expression is parsed once into closures over a `Scope`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Decimal, InvalidOperation
from typing import Any, NamedTuple

Attribute = Mapping[str, Any]  # {"S": "0042"}
Item = dict[str, Attribute]

MOST_DIGITS, _EXPONENTS = 38, range(-130, 126)
# Wide enough that nothing is rounded before it is judged.
_EXACT = Context(prec=400)
_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+\-]|[#:]?\w+)")
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
_KEYWORDS = {"AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE"}


class Invalid(Exception):
    """When DynamoDB answers with a ValidationException."""


def plain_number(text: str) -> str:
    """The number in the one form that is kept: `2` for `2.0`. Raises Invalid for one that can't be kept."""
    try:
        number = _EXACT.create_decimal(text).normalize(_EXACT)
    except InvalidOperation:
        raise Invalid("The parameter cannot be converted to a numeric value") from None
    if not number:
        return "0"
    if len(number.as_tuple().digits) > MOST_DIGITS:
        raise Invalid(f"Attempting to store more than {MOST_DIGITS} significant digits in a Number")
    if number.adjusted() not in _EXPONENTS:
        raise Invalid("Number overflow. Attempting to store a number with magnitude out of range")
    return f"{number:f}"


class Scope(NamedTuple):
    """What an expression is evaluated on."""

    item: Mapping[str, Attribute]
    names: Mapping[str, str]
    values: Mapping[str, Attribute]


Operand = Callable[[Scope], "Attribute | None"]
Condition = Callable[[Scope], bool]


class Action(NamedTuple):
    """What an attribute becomes; None where it is removed."""

    name: str
    operand: Operand | None


class KeyPart(NamedTuple):
    """One comparison of a key condition, placeholders and all."""

    name: str
    how: str
    value: str


@functools.lru_cache(1024)
def tokens_of(expression: str) -> tuple[str, ...]:
    """The tokens. Raises NotImplementedError at what is not known here, such as a nested path."""
    tokens, at, text = [], 0, expression.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise NotImplementedError(f"The stand-in cannot read {text[at:]!r} in {expression!r}.")
        tokens.append(found[1])
        at = found.end()
    return tuple(tokens)


@functools.lru_cache(1024)
def condition_of(expression: str) -> Condition:
    """A condition or filter expression."""
    parser = _Parser(expression)
    condition = parser.either()
    parser.end()
    return condition


@functools.lru_cache(1024)
def actions_of(expression: str) -> tuple[Action, ...]:
    """An update expression: SET and REMOVE."""
    parser = _Parser(expression)
    actions = tuple(parser.actions())
    parser.end()
    return actions


@functools.lru_cache(1024)
def key_parts_of(expression: str) -> tuple[KeyPart, ...]:
    """A key condition expression."""
    parser = _Parser(expression)
    parts = [parser.key_part()]
    while parser.accept("AND"):
        parts.append(parser.key_part())
    parser.end()
    return tuple(parts)


def name_of(token: str, names: Mapping[str, str]) -> str:
    """The attribute that a token names."""
    return names[token] if token.startswith("#") else token


def value_of(attribute: Attribute) -> Any:
    """The value of an attribute, to be compared with others of its type."""
    ((kind, value),) = attribute.items()
    return Decimal(value) if kind == "N" else value


def _kind_of(attribute: Attribute) -> str:
    return next(iter(attribute))


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = tokens_of(expression)
        self._at = 0

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _lost(self) -> NotImplementedError:
        return NotImplementedError(f"The stand-in cannot read {self._expression!r} at {self._next()!r}.")

    def end(self) -> None:
        """Raises NotImplementedError where something is left."""
        if self._next():
            raise self._lost()

    def accept(self, word: str) -> bool:
        """Step over the word if it comes next."""
        accepted = self._next().upper() == word
        self._at += accepted
        return accepted

    def _expect(self, word: str) -> None:
        if not self.accept(word):
            raise self._lost()

    def _name(self) -> str:
        token = self._next()
        plain = token.isidentifier() and token.upper() not in _KEYWORDS
        return self._step(plain or token.startswith("#"))

    def _value(self) -> str:
        return self._step(self._next().startswith(":"))

    def _step(self, fits: bool) -> str:
        if not fits:
            raise self._lost()
        self._at += 1
        return self._tokens[self._at - 1]

    # Conditions

    def either(self) -> Condition:
        """Conditions with OR between them."""
        parts = [self._both()]
        while self.accept("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda scope: any(part(scope) for part in parts)

    def _both(self) -> Condition:
        parts = [self._negation()]
        while self.accept("AND"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else lambda scope: all(part(scope) for part in parts)

    def _negation(self) -> Condition:
        if self.accept("NOT"):
            inner = self._negation()
            return lambda scope: not inner(scope)
        if self.accept("("):
            inner = self.either()
            self._expect(")")
            return inner
        return self._test()

    def _test(self) -> Condition:
        word = self._next()
        if word in ("attribute_exists", "attribute_not_exists", "attribute_type", "begins_with"):
            self._at += 1
            return self._function(word)
        operand = self._operand()
        return self._membership(operand) if self.accept("IN") else self._comparison(operand)

    def _membership(self, operand: Operand) -> Condition:
        self._expect("(")
        choices = [self._operand()]
        while self.accept(","):
            choices.append(self._operand())
        self._expect(")")
        return lambda scope: any(_equal(operand(scope), choice(scope)) for choice in choices)

    def _function(self, word: str) -> Condition:
        self._expect("(")
        path = self._path(self._name())
        if word in ("attribute_type", "begins_with"):
            self._expect(",")
            test = _has_kind if word == "attribute_type" else _begins
            operand = self._operand()
            self._expect(")")
            return lambda scope: test(path(scope), operand(scope))
        self._expect(")")
        wanted = word == "attribute_exists"
        return lambda scope: (path(scope) is not None) is wanted

    def _comparison(self, left: Operand) -> Condition:
        how = self._step(self._next() in ("=", "<>", *_COMPARISONS))
        right = self._operand()
        if how == "=":
            return lambda scope: _equal(left(scope), right(scope))
        if how == "<>":
            return lambda scope: not _equal(left(scope), right(scope))
        compare = _COMPARISONS[how]
        return lambda scope: _ordered(left(scope), right(scope), compare)

    def _operand(self) -> Operand:
        if self.accept("SIZE"):
            self._expect("(")
            path = self._path(self._name())
            self._expect(")")
            return lambda scope: _size(path(scope))
        if self._next().startswith(":"):
            token = self._value()
            return lambda scope: scope.values[token]
        return self._path(self._name())

    def _path(self, token: str) -> Operand:
        return lambda scope: scope.item.get(name_of(token, scope.names))

    # Updates

    def actions(self) -> Iterator[Action]:
        """The actions of all clauses."""
        while self._next():
            if self.accept("SET"):
                yield self._setting()
                while self.accept(","):
                    yield self._setting()
            else:
                self._expect("REMOVE")
                yield Action(self._name(), None)
                while self.accept(","):
                    yield Action(self._name(), None)

    def _setting(self) -> Action:
        name = self._name()
        self._expect("=")
        left = self._source()
        for sign in ("+", "-"):
            if self.accept(sign):
                right = self._source()
                return Action(name, functools.partial(_sum, left, right, 1 if sign == "+" else -1))
        return Action(name, functools.partial(_present, left))

    def _source(self) -> Operand:
        if self.accept("LIST_APPEND"):
            self._expect("(")
            first = self._source()
            self._expect(",")
            second = self._source()
            self._expect(")")
            return functools.partial(_appended, first, second)
        if not self.accept("IF_NOT_EXISTS"):
            return self._operand()
        self._expect("(")
        path = self._path(self._name())
        self._expect(",")
        otherwise = self._operand()
        self._expect(")")
        return lambda scope: path(scope) or otherwise(scope)

    # Keys

    def key_part(self) -> KeyPart:
        """`name = :value`, another comparison, or begins_with."""
        if self.accept("BEGINS_WITH"):
            self._expect("(")
            name = self._name()
            self._expect(",")
            part = KeyPart(name, "begins_with", self._value())
            self._expect(")")
            return part
        name = self._name()
        how = self._step(self._next() in ("=", *_COMPARISONS))
        return KeyPart(name, how, self._value())


def holds(how: str, left: Attribute, right: Attribute) -> bool:
    """Whether a comparison of a key condition holds."""
    if how == "begins_with":
        return _begins(left, right)
    return _equal(left, right) if how == "=" else _ordered(left, right, _COMPARISONS[how])


def _equal(left: Attribute | None, right: Attribute | None) -> bool:
    if left is None or right is None or _kind_of(left) != _kind_of(right):
        return False
    return bool(value_of(left) == value_of(right))


def _ordered(left: Attribute | None, right: Attribute | None, compare: Callable[[Any, Any], bool]) -> bool:
    if left is None or right is None or _kind_of(left) != _kind_of(right):
        return False
    if _kind_of(left) not in "SN":
        raise NotImplementedError("The stand-in compares strings and numbers only.")
    if _kind_of(left) == "S":
        return compare(value_of(left).encode(), value_of(right).encode())
    return compare(value_of(left), value_of(right))


def _has_kind(attribute: Attribute | None, kind: Attribute | None) -> bool:
    return attribute is not None and kind is not None and _kind_of(attribute) == kind["S"]


def _begins(left: Attribute | None, start: Attribute | None) -> bool:
    if left is None or start is None or "S" not in left or "S" not in start:
        return False
    return bool(left["S"].startswith(start["S"]))


def _present(operand: Operand, scope: Scope) -> Attribute:
    found = operand(scope)
    if found is None:
        raise Invalid("The provided expression refers to an attribute that does not exist in the item")
    return found


def _size(attribute: Attribute | None) -> Attribute | None:
    """The length of a list; DynamoDB knows that of other types too."""
    if attribute is not None and _kind_of(attribute) != "L":
        raise NotImplementedError("The stand-in counts lists only.")
    return attribute and {"N": str(len(value_of(attribute)))}


def _appended(first: Operand, second: Operand, scope: Scope) -> Attribute:
    lists = [_present(first, scope), _present(second, scope)]
    if any("L" not in attribute for attribute in lists):
        raise Invalid("An operand in the update expression has an incorrect data type")
    return {"L": [value for attribute in lists for value in value_of(attribute)]}


def _sum(left: Operand, right: Operand, sign: int, scope: Scope) -> Attribute:
    one, other = _present(left, scope), _present(right, scope)
    if "N" not in one or "N" not in other:
        raise Invalid("An operand in the update expression has an incorrect data type")
    total = _EXACT.add(Decimal(one["N"]), _EXACT.multiply(Decimal(sign), Decimal(other["N"])))
    return {"N": plain_number(str(total))}
