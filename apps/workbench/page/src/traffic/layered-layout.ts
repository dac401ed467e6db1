/** A call between two nodes. */
export interface Link {
  readonly source: string;
  readonly target: string;
}

export interface LayeredLayout<Edge> {
  readonly layers: readonly string[][];
  readonly layerOf: ReadonlyMap<string, number>;
  readonly yOf: ReadonlyMap<string, number>;
  readonly height: number;
  /** The points that an edge passes, from its left end to its right; none for a call of a node to itself. */
  readonly chainOf: (edge: Edge) => readonly string[];
}

interface Graph<Edge> {
  readonly nodes: readonly string[];
  readonly edges: readonly Edge[];
  readonly rowHeight: number;
}

interface Turned<Edge> {
  readonly from: string;
  readonly to: string;
  readonly original: Edge;
}

interface Sides {
  readonly left: string[];
  readonly right: string[];
}

/**
 * Places the nodes of a directed graph in layers from callers to called, so that arrows run from left to right and cross
 * little. Calls that go backwards in a cycle are turned for the placing only. Pure, and the same for the same input.
 */
export function layeredLayout<Edge extends Link>({ nodes, edges, rowHeight }: Graph<Edge>): LayeredLayout<Edge> {
  const forward = withoutCycles(
    nodes,
    edges.filter(({ source, target }) => source !== target),
  );
  const layerOf = longestPaths(nodes, forward);
  const chains = new Map(forward.map((edge) => [edge.original, chain(edge, layerOf)]));
  const layers: string[][] = [];
  for (const [name, layer] of layerOf) (layers[layer] ??= []).push(name);
  const links = [...chains.values()].flatMap((points) =>
    points.slice(1).map((point, index) => [points[index]!, point] as const),
  );
  const neighbours = neighboursOf(links);
  orderLayers(layers, neighbours);
  const mostBends = Math.max(...layers.map((layer) => layer.filter((name) => name.startsWith(BEND)).length), 1);
  const bendHeight = Math.min(0.45 * rowHeight, Math.max(MIN_BEND_HEIGHT, (BEND_ROWS * rowHeight) / mostBends));
  const weight = (name: string) => (name.startsWith(BEND) ? bendHeight : rowHeight);
  const { yOf, height } = placeRows(layers, neighbours, weight);
  return {
    layers: layers.map((layer) => layer.filter((name) => !name.startsWith(BEND))),
    layerOf,
    yOf,
    height,
    chainOf: (edge) => chains.get(edge) ?? [],
  };
}

/** Rows that all bends of a layer may take together, as long as each keeps the least height in pixels. */
const BEND_ROWS = 6;
const MIN_BEND_HEIGHT = 7;

/** Starts the name of a bend, where an edge passes a layer; no service's name holds NUL followed by this. */
const BEND = '\0bend:';

/** Each edge from an earlier to a later node in a depth-first walk; `original` is the edge as given. */
function withoutCycles<Edge extends Link>(nodes: readonly string[], edges: readonly Edge[]): Turned<Edge>[] {
  const outgoing = new Map<string, Edge[]>(nodes.map((name) => [name, []]));
  const incomingCount = new Map(nodes.map((name) => [name, 0]));
  for (const edge of edges) {
    outgoing.get(edge.source)!.push(edge);
    incomingCount.set(edge.target, incomingCount.get(edge.target)! + 1);
  }
  const state = new Map<string, 'open' | 'done'>();
  const turned = new Set<Edge>();
  const walk = (start: string) => {
    const stack = [{ name: start, next: 0 }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const edge = outgoing.get(top.name)![top.next++];
      if (!edge) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(edge.target) === 'open') {
        turned.add(edge);
      } else if (!state.has(edge.target)) {
        state.set(edge.target, 'open');
        stack.push({ name: edge.target, next: 0 });
      }
    }
  };
  const byCallers = [...nodes].sort((a, b) => incomingCount.get(a)! - incomingCount.get(b)!);
  for (const name of byCallers) if (!state.has(name)) walk(name);
  return edges.map((edge) =>
    turned.has(edge)
      ? { from: edge.target, to: edge.source, original: edge }
      : { from: edge.source, to: edge.target, original: edge },
  );
}

function longestPaths(nodes: readonly string[], edges: readonly Turned<unknown>[]): Map<string, number> {
  const incoming = new Map(nodes.map((name) => [name, 0]));
  const outgoing = new Map<string, string[]>(nodes.map((name) => [name, []]));
  for (const { from, to } of edges) {
    incoming.set(to, incoming.get(to)! + 1);
    outgoing.get(from)!.push(to);
  }
  const layerOf = new Map(nodes.map((name) => [name, 0]));
  const ready = nodes.filter((name) => incoming.get(name) === 0);
  while (ready.length > 0) {
    const name = ready.shift()!;
    for (const to of outgoing.get(name)!) {
      layerOf.set(to, Math.max(layerOf.get(to)!, layerOf.get(name)! + 1));
      incoming.set(to, incoming.get(to)! - 1);
      if (incoming.get(to) === 0) ready.push(to);
    }
  }
  return layerOf;
}

/** The points of an edge from left to right, with a bend in each layer between; bends join `layerOf`. */
function chain({ from, to }: Turned<unknown>, layerOf: Map<string, number>): string[] {
  const points = [from];
  for (let layer = layerOf.get(from)! + 1; layer < layerOf.get(to)!; layer += 1) {
    const bend = `${BEND}${from}\0${to}\0${layer}`;
    layerOf.set(bend, layer);
    points.push(bend);
  }
  return [...points, to];
}

function neighboursOf(links: readonly (readonly [left: string, right: string])[]): Map<string, Sides> {
  const neighbours = new Map<string, Sides>();
  const add = (name: string, side: keyof Sides, other: string) => {
    if (!neighbours.has(name)) neighbours.set(name, { left: [], right: [] });
    neighbours.get(name)![side].push(other);
  };
  for (const [left, right] of links) {
    add(left, 'right', right);
    add(right, 'left', left);
  }
  return neighbours;
}

/** Sorts each layer by the middle of its neighbours, forth and back a few times. */
function orderLayers(layers: readonly string[][], neighbours: ReadonlyMap<string, Sides>): void {
  const position = new Map<string, number>();
  const remember = (layer: readonly string[]) =>
    layer.forEach((name, index) => position.set(name, index / Math.max(1, layer.length - 1)));
  layers.forEach(remember);
  for (let sweep = 0; sweep < 8; sweep += 1) {
    const side = sweep % 2 === 0 ? 'left' : 'right';
    for (const layer of side === 'left' ? layers : layers.toReversed()) {
      const middle = new Map(
        layer.map((name) => [name, meanOf(neighbours.get(name)?.[side], position) ?? position.get(name)!]),
      );
      layer.sort((a, b) => middle.get(a)! - middle.get(b)!);
      remember(layer);
    }
  }
}

/** Heights: each node as near to the middle of its neighbours as order and distance allow. */
function placeRows(
  layers: readonly string[][],
  neighbours: ReadonlyMap<string, Sides>,
  weight: (name: string) => number,
): { yOf: Map<string, number>; height: number } {
  const yOf = new Map<string, number>();
  const lengths = layers.map((layer) => layer.reduce((sum, name) => sum + weight(name), 0));
  const height = Math.max(...lengths, 0);
  layers.forEach((layer, index) => {
    let y = (height - lengths[index]!) / 2;
    for (const name of layer) {
      yOf.set(name, y + weight(name) / 2);
      y += weight(name);
    }
  });
  for (let sweep = 0; sweep < 6; sweep += 1) {
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const wanted = layer.map((name) => {
        const { left = [], right = [] } = neighbours.get(name) ?? {};
        return meanOf([...left, ...right], yOf) ?? yOf.get(name)!;
      });
      layer.forEach((name, index) => {
        const above = layer[index - 1];
        const least = above === undefined ? weight(name) / 2 : yOf.get(above)! + (weight(above) + weight(name)) / 2;
        yOf.set(name, Math.max(least, wanted[index]!));
      });
      for (let index = layer.length - 1; index >= 0; index -= 1) {
        const [name, below] = [layer[index]!, layer[index + 1]];
        const most =
          below === undefined ? height - weight(name) / 2 : yOf.get(below)! - (weight(below) + weight(name)) / 2;
        yOf.set(name, Math.min(most, yOf.get(name)!));
      }
    }
  }
  return trimmed(yOf, weight);
}

/** Heights from the first row on: nodes that drew together leave no margin. */
function trimmed(yOf: ReadonlyMap<string, number>, weight: (name: string) => number) {
  const entries = [...yOf];
  const top = Math.min(...entries.map(([name, y]) => y - weight(name) / 2), Infinity);
  const bottom = Math.max(...entries.map(([name, y]) => y + weight(name) / 2), -Infinity);
  return {
    yOf: new Map(entries.map(([name, y]) => [name, y - top])),
    height: entries.length === 0 ? 0 : bottom - top,
  };
}

function meanOf(names: readonly string[] | undefined, values: ReadonlyMap<string, number>): number | undefined {
  if (!names || names.length === 0) return undefined;
  return names.reduce((sum, name) => sum + values.get(name)!, 0) / names.length;
}
