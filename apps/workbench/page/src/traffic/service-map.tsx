import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { formatCompact, formatCount, formatShare } from '../shared/format.js';
import { type Arrow, type Box, mapGeometry, NODE_HEIGHT, shortened } from './map-geometry.js';
import { type DrawnMap, failureStep, type ServiceNode } from './traffic-model.js';

interface ServiceMapProps {
  readonly map: DrawnMap;
  readonly selected: string;
  readonly find: string;
  readonly onSelect: (service: string) => void;
}

interface Tip {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
}

const FIRST_WIDTH = 800;

/** The services as boxes, their calls as arrows: the wider, the more requests; the redder, the more of them failed. */
export function ServiceMap({ map: { nodes, edges }, selected, find, onSelect }: ServiceMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(FIRST_WIDTH);
  const [zoom, setZoom] = useState(1);
  const [tip, setTip] = useState<Tip>();
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry!.contentRect.width)));
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  const geometry = useMemo(() => mapGeometry(nodes, edges, width), [nodes, edges, width]);
  const near = useMemo(() => nearOf(selected, find, nodes, geometry.arrows), [selected, find, nodes, geometry]);
  const point = (event: PointerEvent, lines: readonly string[]) => {
    const box = frame.current!.getBoundingClientRect();
    setTip({
      x: event.clientX - box.left + frame.current!.scrollLeft + 14,
      y: event.clientY - box.top + frame.current!.scrollTop + 14,
      lines,
    });
  };
  const arrows = [...geometry.arrows].sort(
    (a, b) => failureStep(a.edge.failureShare) - failureStep(b.edge.failureShare),
  );
  return (
    <>
      <div className="map-tools" role="group" aria-label="Size of the map">
        <button
          type="button"
          className="quiet"
          aria-label="Smaller"
          onClick={() => setZoom(Math.max(0.4, zoom / 1.25))}
        >
          −
        </button>
        <button type="button" className="quiet" aria-label="Larger" onClick={() => setZoom(Math.min(2.5, zoom * 1.25))}>
          +
        </button>
        {zoom !== 1 && (
          <button type="button" className="quiet" onClick={() => setZoom(1)}>
            {Math.round(zoom * 100)} %
          </button>
        )}
      </div>
      <div className="map-box" ref={frame} tabIndex={0} role="region" aria-label="Service map">
        <div className="map-inner">
          <svg
            className={`map ${near ? 'has-focus' : ''}`}
            viewBox={`0 0 ${geometry.width} ${geometry.height}`}
            width={geometry.width * zoom}
            height={geometry.height * zoom}
            role="group"
            aria-label={`Service map: ${nodes.length} services, ${edges.length} pairs`}
          >
            {arrows.map((arrow) => (
              <ArrowShape
                key={`${arrow.edge.source}\0${arrow.edge.target}`}
                arrow={arrow}
                isNear={near?.arrows.has(arrow) ?? false}
                onPoint={point}
                onLeave={() => setTip(undefined)}
              />
            ))}
            {nodes.map((node) => (
              <NodeShape
                key={node.id}
                node={node}
                box={geometry.boxOf(node.id)}
                isSelected={node.id === selected}
                isNear={near?.names.has(node.id) ?? false}
                onSelect={() => onSelect(node.id === selected ? '' : node.id)}
                onPoint={point}
                onLeave={() => setTip(undefined)}
              />
            ))}
          </svg>
          {tip && (
            <div className="tip-box map-tip" style={{ left: Math.min(tip.x, Math.max(4, width - 260)), top: tip.y }}>
              {tip.lines.map((line) => (
                <p key={line}>{line}</p>
              ))}
            </div>
          )}
        </div>
      </div>
    </>
  );
}

/** What is not dimmed: the selected service, or those that are found, with their neighbours. */
function nearOf(selected: string, find: string, nodes: readonly ServiceNode[], arrows: readonly Arrow[]) {
  const wanted = find.toLowerCase();
  const own = nodes.filter(({ id }) =>
    selected === '' ? wanted !== '' && id.toLowerCase().includes(wanted) : id === selected,
  );
  if (own.length === 0) return undefined;
  const ids = new Set(own.map(({ id }) => id));
  const touching = arrows.filter(({ edge }) => ids.has(edge.source) || ids.has(edge.target));
  return {
    arrows: new Set(touching),
    names: new Set([...ids, ...touching.flatMap(({ edge }) => [edge.source, edge.target])]),
  };
}

interface Pointing {
  readonly isNear: boolean;
  readonly onPoint: (event: PointerEvent, lines: readonly string[]) => void;
  readonly onLeave: () => void;
}

function ArrowShape({ arrow: { edge, line, head, lineWidth }, isNear, onPoint, onLeave }: Pointing & { arrow: Arrow }) {
  const lines = [
    `${edge.source} → ${edge.target}`,
    `${formatCount(edge.requests)} requests, ${formatCount(edge.failed)} failed (${formatShare(edge.failureShare)})`,
  ];
  return (
    <g
      className={`edge fail-${failureStep(edge.failureShare)} ${isNear ? 'is-near' : ''}`}
      onPointerMove={(event) => onPoint(event, lines)}
      onPointerLeave={onLeave}
    >
      <path className="edge-reach" d={line} />
      <path className="edge-line" d={line} strokeWidth={lineWidth} />
      <path className="edge-head" d={head} />
    </g>
  );
}

interface NodeShapeProps extends Pointing {
  readonly node: ServiceNode;
  readonly box: Box;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function NodeShape({ node, box, isSelected, isNear, onSelect, onPoint, onLeave }: NodeShapeProps) {
  const { id, incoming, outgoing, failureShare } = node;
  const calls = `${formatCount(incoming)} received, ${formatShare(failureShare)} failed; ${formatCount(outgoing)} sent`;
  const name = shortened(id, box.width - 24);
  const detail = incoming > 0 ? `${formatCompact(incoming)} in` : `${formatCompact(outgoing)} out`;
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onSelect();
  };
  return (
    <g
      className={`node ${isSelected ? 'is-selected' : ''} ${isNear ? 'is-near' : ''}`}
      transform={`translate(${box.x} ${box.y - NODE_HEIGHT / 2})`}
      tabIndex={0}
      role="button"
      aria-pressed={isSelected}
      aria-label={`${name} ${detail}: ${name === id ? '' : `${id}, `}${calls}`}
      onClick={onSelect}
      onKeyDown={press}
      onPointerMove={(event) => onPoint(event, [id, calls])}
      onPointerLeave={onLeave}
    >
      <rect className="node-box" width={box.width} height={NODE_HEIGHT} rx={8} />
      <rect
        className={`node-bar fail-${failureStep(failureShare)}`}
        x={6}
        y={9}
        width={3}
        height={NODE_HEIGHT - 18}
        rx={1.5}
      />
      <text className="node-name" aria-hidden="true" x={16} y={15.5}>
        {`${name} `}
      </text>
      <text className="node-detail" aria-hidden="true" x={16} y={28.5}>
        {detail}
      </text>
    </g>
  );
}
