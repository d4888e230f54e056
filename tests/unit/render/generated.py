"""Templates and readers that hypothesis makes up, nested as deep as a designer's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

from hypothesis import strategies as st

from tests.unit.render.cells import VALUES

DEPTH = 3  #: blocks inside blocks

#: what stands in a reader's name, in any script, with whatever an attacker would try
NAMES = st.one_of(
    st.sampled_from(
        [
            *("", "Anna", "Zoë “Zo” Müller", 'O\'Neil "Bob" <b@example.org>', "<b>&amp;</b>"),
            *("{{ reader.address }}", "{% raw %}", "*bold* [x](y)", "a, b; c: d", "=?utf-8?q?x?="),
            *(
                "\u202eمرحبا\u202c بالعالم",
                "שלום\u200f עולם",
                "👩🏽\u200d🚀🇨🇭",
                "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
                "é" * 120,
            ),
            *(
                "x" * 300,
                ".",
                ".hidden",
                "From here",
                "=20=",
                "a " * 60,
                "\ue000unsubscribe_url\ue001",
            ),
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)
#: and what no name holds that came in by one of our doors
STRANGE_NAMES = st.one_of(
    NAMES,
    st.sampled_from(["a\nb", "a\r\nBcc: all@example.org", "\x00\x1b[31m", "\t", "a\n.\nb", "\x85"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
ADDRESSES = st.sampled_from(
    [
        *("ana@example.org", "a.b+c@example.org", "o'neil@example.org", '"a b"@example.org'),
        *(
            "zoë@example.org",
            "δοκιμή@παράδειγμα.example",
            "用户@例え.jp",
            "x" * 64 + "@example.org",
        ),
    ]
)
SLUGS = st.lists(st.sampled_from(["iso-tc-1", "itu-t-sg-13", "énergie", "a&b"]), max_size=3)


def readers(names: st.SearchStrategy[str] = NAMES) -> st.SearchStrategy[dict[str, str]]:
    """Give the values of one reader's holes."""
    return st.fixed_dictionaries(
        {
            **{name: st.just(value) for name, value in VALUES.items()},
            "reader.name": names,
            "reader.address": ADDRESSES,
            "reader.committees": SLUGS.map(" ".join),
            "reader.interests": SLUGS.map(" ".join),
        }
    )


@dataclass(frozen=True)
class Scope:
    """What a piece of a template may name."""

    branching: bool  #: whether it may do more with a reader's value than print it
    depth: int = 0
    own: tuple[str, ...] = (
        *("reader.name", "reader.address", "reader.committees", "reader.interests"),
        *("unsubscribe_url", "preferences_url"),
    )  #: a reader's values
    fixed: tuple[str, ...] = ("entry.title", "language", "'a<b&c'", "'ü' ~ 1")
    macros: tuple[str, ...] = field(default=())

    def inside(self, **more: tuple[str, ...]) -> Scope:
        """Give what a block within sees, which knows more names."""
        known = {name: (*getattr(self, name), *added) for name, added in more.items()}
        return replace(self, depth=self.depth + 1, **known)


_PLAIN = st.characters(exclude_categories=["Cs", "Cc", "Co"], exclude_characters="{}%#<>&")
TEXT = st.one_of(
    st.text(_PLAIN, max_size=40),
    st.sampled_from(
        [
            *("\n", "\n.", "\n..\n", "\nFrom ", " \n", "\t\n", "\r\n", "\n\n", "=", "=3D", "--"),
            *(
                "é" * 90,
                "x" * 1100,
                "مرحبا بالعالم",
                "\u200fשלום",
                "👩🏽\u200d🚀",
                "𝔘",
                "—\u2028—",
                "\ufeff",
            ),
            *("  {#- said to nobody -#}  ", "{{ '{{' }}", "{% raw %}{{ x }}{% endraw %}"),
        ]
    ),
)
_KEEPING = ["upper", "lower", "title", "trim", "capitalize", "e", "reverse", "string"]
_WORDS = [*_KEEPING, "replace('a', '<a>')", "truncate(9)", "default('you', true)", "urlencode"]
_COUNTS = ["length", "wordcount", "list | length"]
_LISTS = ["list", "unique", "sort", "batch(2) | map('join')"]
_TESTS = ["{} == 'Anna'", "{} < 'M'", "'n' in {}", "{} in 'Anna Berta'", "{}", "not {}"]
_MORE_TESTS = ["{} is string", "{} != ''", "{}.startswith('A')", "{} | length > 9", "'Anna' == {}"]
_MADE = ["{}.upper()", "{}[:3]", "{}[0:1]", "{} ~ '<' ~ 1", "{} + '!'", "[{}, 'x'] | join('&')"]
_MORE_MADE = ["{} or 'you'", "{} if {} else 'nobody'", "{{{}: 'key'}}['Anna'] | default('no')"]
_FIXED_TESTS = [
    "language == 'en'",
    "entry.title",
    "not entry.title",
    "1 > 2",
    "entry.title is none",
]


def _names(form: str, name: str) -> str:
    return form.replace("{}", name).replace("{{", "{").replace("}}", "}") if "{" in form else form


@cache
def _expressions(scope: Scope) -> st.SearchStrategy[str]:
    """Give what can be printed, set or handed to a macro."""
    own, fixed = st.sampled_from(scope.own), st.sampled_from(scope.fixed)
    words = st.sampled_from([*_WORDS, *_COUNTS])
    known = [own, own, fixed, st.builds("({} ~ '') | {}".format, fixed, words)]
    if scope.branching:
        known += [
            st.builds("{} | {}".format, own, words),
            st.builds(_names, st.sampled_from([*_MADE, *_MORE_MADE]), own),
            st.builds("{} | {} | {}".format, own, st.sampled_from(_KEEPING), words),
        ]
    return st.one_of(known)


@cache
def _conditions(scope: Scope) -> st.SearchStrategy[str]:
    fixed = st.one_of(
        st.sampled_from(_FIXED_TESTS),
        st.builds("({}) == 'en'".format, st.sampled_from(scope.fixed)),
    )
    if not scope.branching:
        return fixed
    one = st.builds(_names, st.sampled_from([*_TESTS, *_MORE_TESTS]), st.sampled_from(scope.own))
    either = st.builds("{} {} {}".format, one, st.sampled_from(["and", "or"]), fixed)
    return st.one_of(one, one, fixed, either)


@cache
def _lists(scope: Scope) -> st.SearchStrategy[str]:
    fixed = st.sampled_from(["['a', 'b<', 'ü']", "range(3)", "[]", "'x y'.split()"])
    if not scope.branching:
        return fixed
    own = st.sampled_from(scope.own)
    return st.one_of(
        fixed,
        st.builds("{}.split()".format, own),
        st.builds("{}[:4] | {}".format, own, st.sampled_from(_LISTS)),
        own.map("{}[:4]".format),
    )


@st.composite
def _choice(draw: st.DrawFn, scope: Scope) -> str:
    test, other, inner = _conditions(scope), _conditions(scope), _body(scope.inside())
    made = f"{{% if {draw(test)} %}}{draw(inner)}"
    if draw(st.booleans()):
        made += f"{{%- elif {draw(other)} -%}}{draw(inner)}"
    if draw(st.booleans()):
        made += f"{{% else %}}{draw(inner)}"
    return made + "{% endif %}\n"


@st.composite
def _loop(draw: st.DrawFn, scope: Scope) -> str:
    name = f"one{scope.depth}"
    inner = _body(scope.inside(fixed=(name, "loop.index", "loop.last")))
    made = f"{{% for {name} in {draw(_lists(scope))} %}}{draw(inner)}"
    if draw(st.booleans()):
        made += f"{{% else %}}{draw(_body(scope.inside()))}"
    return made + "{% endfor %}"


@st.composite
def _setting(draw: st.DrawFn, scope: Scope) -> str:
    name = f"set{scope.depth}"
    if draw(st.booleans()):
        inner = _body(scope.inside(own=(name,)))
        return f"{{% set {name} = {draw(st.sampled_from(scope.own))} %}}{draw(inner)}"
    said = draw(_body(scope.inside()))  # a block of it is markup where prints are escaped
    return f"{{% set {name} %}}{said}{{% endset %}}{{{{ {name} }}}}"


@st.composite
def _macro(draw: st.DrawFn, scope: Scope) -> str:
    name = f"macro{scope.depth}"
    seen = replace(Scope(scope.branching), depth=scope.depth + 1, macros=())
    inner = draw(_body(replace(seen, own=(*seen.own, "said"))))
    given = draw(st.sampled_from(scope.own))
    made = f"{{% macro {name}(said, more='<i>') %}}{inner}{{{{ more }}}}{{% endmacro %}}"
    return f"{made}{{{{ {name}({given}) }}}}{{{{ {name}({given}, {given}) }}}}"


@cache
def _body(scope: Scope) -> st.SearchStrategy[str]:
    printed = st.builds("{{{{ {} }}}}".format, _expressions(scope))
    tight = st.builds("{{{{- {} -}}}}".format, _expressions(scope))
    pieces = [TEXT, TEXT, TEXT, printed, printed, tight]
    if scope.depth < DEPTH:
        blocks = [_choice(scope), _loop(scope), _setting(scope), _macro(scope)]
        pieces += [st.deferred(lambda one=one: one) for one in blocks]
    return st.lists(st.one_of(pieces), min_size=1, max_size=3).map("".join)


#: templates that do anything with a reader's value, and such as only print it
BRANCHING = _body(Scope(branching=True))
PRINTING = _body(Scope(branching=False))
