"""Mutations of TOML by its lines: swapped types, odd numbers, tables and repeated keys."""

from random import Random

DEEP = 5_000
VALUES = (
    "nan", "inf", "-inf", "-1", "0", "0.0", "-0.0", "1e400", "9" * 400, "9" * 5000, "0xfffffffff",
    "true", "false", '""', '" "', '"a"', '"\\u0000"', '"a\\u0000b"', "''''''", "[]", "[[]]", "[1]",
    '["a", "a"]', '["", 1]', "{}", "{a = 1}", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z",
    "[" * DEEP + "]" * DEEP, "{a=" * DEEP + "1" + "}" * DEEP, '"' + "a" * 100_000 + '"', "1_000",
    "2_147_483_648", "9223372036854775808", "1e308", "1e-320", '"../.."', '"~"', '"\\U0010ffff"',
    "[" * 90 + "]" * 90, "1.5", "16", "[1.0, inf]", "[nan]", '[["a"]]', '"/dev/null"',
)  # fmt: skip
LINES = (
    "[table]", "[[table]]", "[call]", "[a.b.c]", '"" = 1', '"\\u0000" = 1', "a = 1", "# \x01",
    "a." * DEEP + "a = 1", "[" + "a." * DEEP + "a]", "= 1", "a", "a = ", 'a = """', "\ufeff",
    "call.a.b = nan", 'call = {guidance_scale = nan, prompt = ["a"]}',
)  # fmt: skip


def mutate_toml(data: bytes, rng: Random) -> bytes:
    """Another value of a key, a repeated, missing or new line."""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    for _ in range(rng.choice((1, 1, 2))):
        place = rng.randrange(len(lines))
        key, equals, _ = lines[place].partition(" = ")
        match rng.randrange(8):
            case 0:
                lines.insert(place, rng.choice(LINES))
            case 1:
                lines.insert(place, lines[place])
            case 2 if len(lines) > 1:
                del lines[place]
            case _ if equals:
                lines[place] = f"{key} = {rng.choice(VALUES)}"
    return "\n".join(lines).encode("utf-8", "surrogateescape")
