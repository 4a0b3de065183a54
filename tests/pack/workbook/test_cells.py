"""Names of cells and sums over them."""

from __future__ import annotations

from keel.pack.workbook.cells import column, total


def test_columns_go_on_after_z() -> None:
    assert [column(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_a_sum_is_a_range_only_where_rows_follow_one_another() -> None:
    assert total("E", range(3, 6)) == "SUM(E3:E5)"
    assert total("E", [3]) == "SUM(E3:E3)"
    assert total("E", [3, 7]) == "SUM(E3,E7)"
