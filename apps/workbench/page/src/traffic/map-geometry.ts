import { layeredLayout, type LayeredLayout } from './layered-layout.js';
import type { CallEdge, ServiceNode } from './traffic-model.js';

export const NODE_HEIGHT = 36;
const ROW_HEIGHT = 58;
const MARGIN = 26;
const LEAST_GAP = 84;
const LEAST_GAP_NARROW = 52;
const NARROW = 560;
const MAX_EDGE_WIDTH = 8;
const LEAST_EDGE_WIDTH = 1.2;

/** Of the boxes' font, on average and rather too much than too little. */
const LETTER_WIDTH = 7.8;

export interface Box {
  readonly x: number;
  /** Of the middle. */
  readonly y: number;
  readonly width: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow: its line and the triangle at its end, as paths. */
export interface Arrow {
  readonly edge: CallEdge;
  readonly lineWidth: number;
  readonly line: string;
  readonly head: string;
}

export interface MapGeometry {
  readonly width: number;
  readonly height: number;
  readonly boxOf: (name: string) => Box;
  readonly arrows: readonly Arrow[];
}

/** Where everything of a service map is, for a picture of about `width` pixels. Pure. */
export function mapGeometry(nodes: readonly ServiceNode[], edges: readonly CallEdge[], width: number): MapGeometry {
  const layout = layeredLayout({ nodes: nodes.map(({ id }) => id), edges, rowHeight: ROW_HEIGHT });
  const widths = layout.layers.map((layer) =>
    Math.min(216, Math.max(96, ...layer.map((name) => 30 + Array.from(name).length * LETTER_WIDTH))),
  );
  const sum = widths.reduce((total, each) => total + each, 0);
  const leastGap = width < NARROW ? LEAST_GAP_NARROW : LEAST_GAP;
  const gap = Math.max(leastGap, Math.min(240, (width - 2 * MARGIN - sum) / Math.max(1, widths.length - 1)));
  const left = widths.map((_, index) => MARGIN + widths.slice(0, index).reduce((total, each) => total + each + gap, 0));
  const boxOf = (name: string): Box => {
    const layer = layout.layerOf.get(name)!;
    return { x: left[layer]!, y: MARGIN + layout.yOf.get(name)!, width: widths[layer]! };
  };
  const most = Math.max(...edges.map(({ requests }) => requests), 1);
  const ports = portsOf(edges, layout, boxOf);
  return {
    width: sum + gap * Math.max(0, widths.length - 1) + 2 * MARGIN,
    height: layout.height + 2 * MARGIN,
    boxOf,
    arrows: edges.map((edge) => {
      const lineWidth = edgeWidth(edge.requests, most);
      return { edge, lineWidth, ...pathOf(edge, { layout, boxOf, ports, lineWidth }) };
    }),
  };
}

/** The width of an arrow in pixels: by the root, so that small ones are seen beside large ones. */
function edgeWidth(requests: number, most: number): number {
  return LEAST_EDGE_WIDTH + (MAX_EDGE_WIDTH - LEAST_EDGE_WIDTH) * Math.sqrt(requests / most);
}

/** A name in so many pixels. */
export function shortened(text: string, width: number): string {
  const letters = Array.from(text);
  const room = Math.floor(width / LETTER_WIDTH);
  return letters.length <= room ? text : `${letters.slice(0, room - 1).join('')}…`;
}

interface Ports {
  left?: Point;
  right?: Point;
}

/** Where each edge touches its boxes: spread over the side, in the order of the other ends. */
function portsOf(
  edges: readonly CallEdge[],
  layout: LayeredLayout<CallEdge>,
  boxOf: (name: string) => Box,
): Map<CallEdge, Ports> {
  const sides = new Map<string, { name: string; side: 'left' | 'right'; touching: { edge: CallEdge; y: number }[] }>();
  const add = (name: string, side: 'left' | 'right', edge: CallEdge, toward: string) => {
    const key = `${side} ${name}`;
    const known = sides.get(key) ?? { name, side, touching: [] };
    known.touching.push({ edge, y: layout.yOf.get(toward)! });
    sides.set(key, known);
  };
  for (const edge of edges) {
    const chain = layout.chainOf(edge);
    if (chain.length === 0) continue;
    add(chain[0]!, 'right', edge, chain[1]!);
    add(chain.at(-1)!, 'left', edge, chain.at(-2)!);
  }
  const ports = new Map<CallEdge, Ports>();
  for (const { name, side, touching } of sides.values()) {
    const spread = Math.min(9, (NODE_HEIGHT - 10) / touching.length);
    touching.sort((a, b) => a.y - b.y);
    const { x, y, width } = boxOf(name);
    touching.forEach(({ edge }, index) => {
      const port = { x: side === 'right' ? x + width : x, y: y + (index - (touching.length - 1) / 2) * spread };
      ports.set(edge, { ...ports.get(edge), [side]: port });
    });
  }
  return ports;
}

interface PathContext {
  readonly layout: LayeredLayout<CallEdge>;
  readonly boxOf: (name: string) => Box;
  readonly ports: ReadonlyMap<CallEdge, Ports>;
  readonly lineWidth: number;
}

function pathOf(edge: CallEdge, { layout, boxOf, ports, lineWidth }: PathContext): { line: string; head: string } {
  const headLength = 6 + lineWidth * 1.1;
  const half = 3.4 + lineWidth * 0.62;
  if (edge.source === edge.target) return loop(boxOf(edge.source), headLength, half);
  const chain = layout.chainOf(edge);
  const { right, left } = ports.get(edge)!;
  const [start, end] = [right!, left!];
  const isForward = chain[0] === edge.source;
  const [from, to] = isForward
    ? [start, { ...end, x: end.x - headLength }]
    : [{ ...start, x: start.x + headLength }, end];
  const bends = chain.slice(1, -1).flatMap((bend) => {
    const { x, y, width } = boxOf(bend);
    return [
      { x, y },
      { x: x + width, y },
    ];
  });
  const points = [from, ...bends, to];
  let line = `M${from.x} ${from.y}`;
  for (let index = 1; index < points.length; index += 1) {
    const [a, b] = [points[index - 1]!, points[index]!];
    const bow = Math.max(18, (b.x - a.x) * 0.5);
    line += a.y === b.y ? `L${b.x} ${b.y}` : `C${a.x + bow} ${a.y} ${b.x - bow} ${b.y} ${b.x} ${b.y}`;
  }
  const tip = isForward ? end : start;
  const baseX = isForward ? end.x - headLength : start.x + headLength;
  return { line, head: `M${tip.x} ${tip.y}L${baseX} ${tip.y - half}L${baseX} ${tip.y + half}Z` };
}

/** A call of a service to itself: an arc above its box. */
function loop({ x, y, width }: Box, headLength: number, half: number): { line: string; head: string } {
  const top = y - NODE_HEIGHT / 2;
  const [a, b] = [x + width / 2 - 16, x + width / 2 + 16];
  return {
    line: `M${a} ${top}C${a - 4} ${top - 24} ${b + 4} ${top - 24} ${b} ${top - headLength * 0.8}`,
    head: `M${b} ${top}L${b - half} ${top - headLength}L${b + half} ${top - headLength}Z`,
  };
}
