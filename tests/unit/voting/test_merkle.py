"""RFC 9162 trees against the known answers of Certificate Transparency, and their proofs."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.voting.merkle import (
    Tree,
    is_consistent,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_from_range,
)

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size):
    assert Tree(LEAVES[:size]).root.hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert Tree([]).root == hashlib.sha256(b"").digest()


def test_the_seven_leaves_of_rfc_9162_2_1_5():
    """The worked example: its inclusion and consistency proofs, node by node."""
    a, b, c, d, e, f, j = (leaf_hash(leaf) for leaf in LEAVES[:7])
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, m = node_hash(g, h), node_hash(i, j)
    tree = Tree(LEAVES[:7])
    assert tree.root == node_hash(k, m)
    assert tree.inclusion_proof(0) == [b, h, m]
    assert tree.inclusion_proof(3) == [c, g, m]
    assert tree.inclusion_proof(4) == [f, j, k]
    assert tree.inclusion_proof(6) == [i, k]
    assert tree.consistency_proof(3) == [c, d, g, m]
    assert tree.consistency_proof(4) == [m]
    assert tree.consistency_proof(6) == [i, j, k]


leaves_lists = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@given(leaves=leaves_lists, data=st.data())
def test_inclusion_proofs_lead_to_the_root_and_no_other_leaf_does(leaves, data):
    tree = Tree(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = tree.inclusion_proof(index)
    assert root_from_inclusion(leaves[index], index, len(leaves), proof) == tree.root
    assert root_from_inclusion(b"another leaf", index, len(leaves), proof) != tree.root
    with pytest.raises(ValueError, match="too"):
        root_from_inclusion(leaves[index], index, len(leaves), [*proof, bytes(32)])


@given(leaves=leaves_lists, data=st.data())
def test_consistency_proofs_tell_growth_from_a_rewritten_past(leaves, data):
    earlier = data.draw(st.integers(1, len(leaves)))
    old, new = Tree(leaves[:earlier]), Tree(leaves)
    proof = new.consistency_proof(earlier)
    assert is_consistent(earlier, len(leaves), (old.root, new.root), proof)
    rewritten = Tree([b"rewritten!", *leaves[1:earlier]])
    assert not is_consistent(earlier, len(leaves), (rewritten.root, new.root), proof)


@given(leaves=leaves_lists, data=st.data())
def test_a_run_of_lines_is_proved_by_one_small_set_of_hashes(leaves, data):
    start = data.draw(st.integers(0, len(leaves) - 1))
    end = data.draw(st.integers(start + 1, len(leaves)))
    tree = Tree(leaves)
    nodes = tree.range_nodes(start, end)
    assert len(nodes) <= 2 * len(leaves).bit_length()
    assert root_from_range(leaves[start:end], start, len(leaves), nodes) == tree.root
    changed = [b"another leaf", *leaves[start + 1 : end]]
    assert root_from_range(changed, start, len(leaves), nodes) != tree.root


def test_a_missing_hash_is_told():
    tree = Tree(LEAVES)
    with pytest.raises(ValueError, match="missing"):
        root_from_range(LEAVES[3:4], 3, 8, {})
    with pytest.raises(ValueError, match="too short"):
        root_from_inclusion(LEAVES[3], 3, 8, tree.inclusion_proof(3)[:-1])
