"""How alike two folded words are: Jaro-Winkler, in plain Python. It knows strings only."""

_PREFIX_WEIGHT = 0.1
_PREFIX_LENGTH = 4


def jaro_winkler(a: str, b: str) -> float:
    """Winkler's similarity (1990) of two words, 0.0 to 1.0; a shared beginning counts more."""
    if a == b:
        return 1.0
    jaro = _jaro(*sorted((a, b)))  # greedy matching depends on the order
    prefix = 0
    for x, y in zip(a[:_PREFIX_LENGTH], b[:_PREFIX_LENGTH], strict=False):
        if x != y:
            break
        prefix += 1
    return jaro + prefix * _PREFIX_WEIGHT * (1 - jaro)


def _jaro(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    window = max(0, max(len(a), len(b)) // 2 - 1)
    taken = [False] * len(b)
    matched_a: list[str] = []
    for i, letter in enumerate(a):
        for j in range(max(0, i - window), min(len(b), i + window + 1)):
            if not taken[j] and b[j] == letter:
                taken[j] = True
                matched_a.append(letter)
                break
    m = len(matched_a)
    if not m:
        return 0.0
    matched_b = [letter for letter, used in zip(b, taken, strict=True) if used]
    half_transpositions = sum(x != y for x, y in zip(matched_a, matched_b, strict=True))
    return (m / len(a) + m / len(b) + (m - half_transpositions / 2) / m) / 3


def is_one_slip(a: str, b: str) -> bool:
    """Whether one letter replaced, or two neighbours swapped, turns one word into the other."""
    if len(a) != len(b):
        return False
    differing = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(differing) == 1:
        return True
    if len(differing) == 2 and differing[1] == differing[0] + 1:
        i, j = differing
        return a[i] == b[j] and a[j] == b[i]
    return False


def is_one_edit(a: str, b: str) -> bool:
    """As `is_one_slip`, or one letter too many or too few."""
    shorter, longer = sorted((a, b), key=len)
    if len(longer) - len(shorter) != 1:
        return is_one_slip(a, b)
    at = next((i for i, c in enumerate(shorter) if c != longer[i]), len(shorter))
    return shorter[at:] == longer[at + 1 :]
