"""Numbers for the triples (component, metric, unit), so that rows hold one number instead of three texts."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

Series = tuple[str, str, str]


class SeriesTable:
    """Grows by the series seen; rows refer to it by index."""

    def __init__(self) -> None:
        self._indices: dict[Series, int] = {}
        self.names: list[Series] = []

    def __len__(self) -> int:
        return len(self.names)

    def index_of(self, series: Series) -> int:
        """The index of a series, a new one when it was not seen before."""
        index = self._indices.get(series)
        if index is None:
            index = self._indices[series] = len(self.names)
            self.names.append(series)
        return index

    def indices_of(self, component: pa.Array, metric: pa.Array, unit: pa.Array) -> pa.Array:
        """The indices of whole columns, given as dictionaries; only the series among them are looked at one by one."""
        metrics, units = len(metric.dictionary), len(unit.dictionary)
        code = pc.add(
            pc.multiply(pc.cast(component.indices, pa.int64()), metrics * units),
            pc.add(pc.multiply(pc.cast(metric.indices, pa.int64()), units), pc.cast(unit.indices, pa.int64())),
        )
        encoded = pc.dictionary_encode(code)
        components = component.dictionary.to_pylist()
        metric_names = metric.dictionary.to_pylist()
        unit_names = unit.dictionary.to_pylist()
        found = []
        for each in encoded.dictionary.to_pylist():
            rest, of_unit = divmod(each, units)
            of_component, of_metric = divmod(rest, metrics)
            found.append(self.index_of((components[of_component], metric_names[of_metric], unit_names[of_unit])))
        return pc.take(pa.array(found, pa.int32()), encoded.indices)
