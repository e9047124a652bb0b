"""The matching of people in pairs that is worth most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import rustworkx

from bot.domain.pairs import Pair, pair


def heaviest(people: Sequence[int], worth: Mapping[Pair, int]) -> list[Pair]:
    """The matching of `people` with most pairs, among those the greatest worth; no pair outside `worth`."""
    at = {member: index for index, member in enumerate(people)}
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(people)
    graph.add_edges_from([(at[a], at[b], each) for (a, b), each in worth.items() if a in at and b in at])
    found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return sorted(pair(people[i], people[j]) for i, j in found)
