import { el, svg } from './dom.js';
import { formatCompact, formatCount, formatShare } from './format.js';
import { layeredLayout } from './layered-layout.js';

const NODE_HEIGHT = 36;
const ROW_HEIGHT = 58;
const MARGIN = 26;
const LEAST_GAP = 84;
const LEAST_GAP_NARROW = 52;
const NARROW = 560;
const MAX_EDGE_WIDTH = 8;

/** Of the boxes' font, on average and rather too much than too little. */
const LETTER_WIDTH = 7.3;

/** Upper ends, exclusive, of the failure shares that have a colour each; the last colour is for all above. */
const FAILURE_STEPS = [0.005, 0.02, 0.05, 0.15];

/** The number of the colour of a failure share, 0 to 4. */
export function failureStep(share) {
  const step = FAILURE_STEPS.findIndex((end) => (share ?? 0) < end);
  return step === -1 ? FAILURE_STEPS.length : step;
}

/**
 * The services as boxes, their calls as arrows: the wider, the more requests; the redder, the more of them failed.
 *
 * @param {{ nodes: object[], edges: object[], selected: string, width: number, onSelect: (service: string) => void }} options
 */
export function serviceMap({ nodes, edges, selected, width, onSelect }) {
  const layout = layeredLayout({ nodes: nodes.map(({ id }) => id), edges, rowHeight: ROW_HEIGHT });
  const widths = layout.layers.map((layer) =>
    Math.min(200, Math.max(96, ...layer.map((name) => 30 + textWidth(name)))),
  );
  const sum = widths.reduce((total, each) => total + each, 0);
  const gaps = Math.max(1, widths.length - 1);
  const leastGap = width < NARROW ? LEAST_GAP_NARROW : LEAST_GAP;
  const gap = Math.max(leastGap, Math.min(240, (width - 2 * MARGIN - sum) / gaps));
  const fullWidth = sum + gap * (widths.length - 1) + 2 * MARGIN;
  const left = widths.map((_, index) => MARGIN + widths.slice(0, index).reduce((total, each) => total + each + gap, 0));
  const boxOf = (name) => {
    const layer = layout.layerOf.get(name);
    return { x: left[layer], y: MARGIN + layout.yOf.get(name), width: widths[layer] };
  };
  const most = Math.max(...edges.map((edge) => Number(edge.total_requests)), 1);
  const tip = el('div', { class: 'tip-box map-tip', hidden: true });
  const ports = portsOf(edges, layout, boxOf);
  const isNear = (name) =>
    name === selected ||
    edges.some(
      ({ source, target }) => (source === selected && target === name) || (target === selected && source === name),
    );
  const drawing = svg(
    'svg',
    {
      class: `map ${selected === '' ? '' : 'has-focus'}`,
      viewBox: `0 0 ${fullWidth} ${layout.height + 2 * MARGIN}`,
      width: fullWidth,
      height: layout.height + 2 * MARGIN,
      role: 'group',
      'aria-label': `Service map: ${nodes.length} services, ${edges.length} pairs`,
    },
    ...[...edges]
      .sort((a, b) => failureStep(a.failure_share) - failureStep(b.failure_share))
      .map((edge) => {
        const lineWidth = 1.2 + (MAX_EDGE_WIDTH - 1.2) * Math.sqrt(Number(edge.total_requests) / most);
        return arrow(edge, {
          path: pathOf(edge, { layout, boxOf, ports, lineWidth }),
          lineWidth,
          isNear: edge.source === selected || edge.target === selected,
          tip,
        });
      }),
    ...nodes.map((node) =>
      box(node, { ...boxOf(node.id), isSelected: node.id === selected, isNear: isNear(node.id), onSelect, tip }),
    ),
  );
  return el(
    'div',
    { class: 'map-box', tabindex: 0, role: 'region', 'aria-label': 'Service map' },
    el('div', { class: 'map-inner' }, drawing, tip),
  );
}

/** Where each edge touches its boxes: spread over the side, in the order of the other ends. */
function portsOf(edges, layout, boxOf) {
  const sides = new Map();
  for (const edge of edges) {
    const chain = layout.chainOf(edge);
    if (chain.length === 0) continue;
    const add = (key, toward) => sides.set(key, [...(sides.get(key) ?? []), { edge, y: layout.yOf.get(toward) }]);
    add(`${chain[0]}\0right`, chain[1]);
    add(`${chain.at(-1)}\0left`, chain.at(-2));
  }
  const ports = new Map();
  for (const [key, touching] of sides) {
    const [name, side] = [key.slice(0, key.lastIndexOf('\0')), key.slice(key.lastIndexOf('\0') + 1)];
    const spread = Math.min(9, (NODE_HEIGHT - 10) / touching.length);
    touching.sort((a, b) => a.y - b.y);
    touching.forEach(({ edge }, index) => {
      const { x, y, width } = boxOf(name);
      const port = { x: side === 'right' ? x + width : x, y: y + (index - (touching.length - 1) / 2) * spread };
      ports.set(edge, { ...ports.get(edge), [side]: port });
    });
  }
  return ports;
}

/** The line of an edge and the triangle at its end. */
function pathOf(edge, { layout, boxOf, ports, lineWidth }) {
  const headLength = 6 + lineWidth * 1.1;
  const half = 3.4 + lineWidth * 0.62;
  if (edge.source === edge.target) return loop(boxOf(edge.source), headLength, half);
  const chain = layout.chainOf(edge);
  const { right: start, left: end } = ports.get(edge);
  const isForward = chain[0] === edge.source;
  const [from, to] = isForward
    ? [start, { ...end, x: end.x - headLength }]
    : [{ ...start, x: start.x + headLength }, end];
  const points = [
    from,
    ...chain.slice(1, -1).flatMap((bend) => {
      const { x, y, width } = boxOf(bend);
      return [
        { x, y },
        { x: x + width, y },
      ];
    }),
    to,
  ];
  let line = `M${from.x} ${from.y}`;
  for (let index = 1; index < points.length; index += 1) {
    const [a, b] = [points[index - 1], points[index]];
    const bow = Math.max(18, (b.x - a.x) * 0.5);
    line += a.y === b.y ? `L${b.x} ${b.y}` : `C${a.x + bow} ${a.y} ${b.x - bow} ${b.y} ${b.x} ${b.y}`;
  }
  const tipOf = isForward ? end : start;
  const baseX = isForward ? end.x - headLength : start.x + headLength;
  return { line, head: `M${tipOf.x} ${tipOf.y}L${baseX} ${tipOf.y - half}L${baseX} ${tipOf.y + half}Z` };
}

/** A call of a service to itself: an arc above its box. */
function loop({ x, y, width }, headLength, half) {
  const top = y - NODE_HEIGHT / 2;
  const [a, b] = [x + width / 2 - 16, x + width / 2 + 16];
  return {
    line: `M${a} ${top}C${a - 4} ${top - 24} ${b + 4} ${top - 24} ${b} ${top - headLength * 0.8}`,
    head: `M${b} ${top}L${b - half} ${top - headLength}L${b + half} ${top - headLength}Z`,
  };
}

function arrow(edge, { path, lineWidth, isNear, tip }) {
  const describe = () => [
    el('p', {}, `${edge.source} → ${edge.target}`),
    el(
      'p',
      {},
      `${formatCount(edge.total_requests)} requests, ${formatCount(edge.failed_requests)} failed (${formatShare(edge.failure_share)})`,
    ),
  ];
  return svg(
    'g',
    { class: `edge fail-${failureStep(edge.failure_share)} ${isNear ? 'is-near' : ''}`, ...tipHandlers(tip, describe) },
    svg('path', { class: 'edge-reach', d: path.line }),
    svg('path', { class: 'edge-line', d: path.line, 'stroke-width': lineWidth }),
    svg('path', { class: 'edge-head', d: path.head }),
  );
}

function box(node, { x, y, width, isSelected, isNear, onSelect, tip }) {
  const select = () => onSelect(isSelected ? '' : node.id);
  const received = Number(node.incoming_requests);
  const detail = received > 0 ? `${formatCompact(received)} in` : `${formatCompact(node.outgoing_requests)} out`;
  const describe = () => [
    el('p', {}, node.id),
    el(
      'p',
      {},
      `${formatCount(received)} received, ${formatShare(node.failure_share)} failed; ${formatCount(node.outgoing_requests)} sent`,
    ),
  ];
  return svg(
    'g',
    {
      class: `node ${isSelected ? 'is-selected' : ''} ${isNear ? 'is-near' : ''}`,
      transform: `translate(${x} ${y - NODE_HEIGHT / 2})`,
      tabindex: 0,
      role: 'button',
      'aria-pressed': String(isSelected),
      'aria-label': `${node.id}: ${formatCount(received)} requests received, ${formatShare(node.failure_share)} failed`,
      onclick: select,
      onkeydown: (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        select();
      },
      ...tipHandlers(tip, describe),
    },
    svg('rect', { class: 'node-box', width, height: NODE_HEIGHT, rx: 8 }),
    svg('rect', {
      class: `node-bar fail-${failureStep(node.failure_share)}`,
      x: 6,
      y: 9,
      width: 3,
      height: NODE_HEIGHT - 18,
      rx: 1.5,
    }),
    svg('text', { class: 'node-name', x: 16, y: 15.5 }, shorten(node.id, width - 24)),
    svg('text', { class: 'node-detail', x: 16, y: 28.5 }, detail),
  );
}

function tipHandlers(tip, describe) {
  const show = (event) => {
    tip.replaceChildren(...describe());
    tip.hidden = false;
    const frame = tip.parentElement.getBoundingClientRect();
    const x = Math.min(event.clientX - frame.left + 14, frame.width - tip.offsetWidth - 8);
    tip.style.left = `${Math.max(4, x)}px`;
    tip.style.top = `${event.clientY - frame.top + 14}px`;
  };
  return { onpointermove: show, onpointerleave: () => (tip.hidden = true) };
}

function textWidth(text) {
  return [...text].length * LETTER_WIDTH;
}

function shorten(text, width) {
  const letters = [...text];
  const room = Math.floor(width / LETTER_WIDTH);
  return letters.length <= room ? text : `${letters.slice(0, room - 1).join('')}…`;
}
