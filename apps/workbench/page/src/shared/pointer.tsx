import type { ECharts } from 'echarts/core';
import { useEffect, useRef } from 'react';

/** What is shown beside the pointer over a chart. */
export interface Tip {
  readonly at: (timeMs: number) => HTMLElement;
  /** The instants that something is drawn at, ascending. */
  readonly times: readonly number[];
}

const DISTANCE_PIXELS = 14;

/** A line at the instant nearest to the pointer, and beside it what all series are then. */
export function Pointer({ chart, tip }: { readonly chart: ECharts; readonly tip: Tip }) {
  const line = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const surface = chart.getDom();
    const hide = () => {
      if (line.current) line.current.hidden = true;
      if (box.current) box.current.hidden = true;
    };
    const show = (event: PointerEvent) => {
      const { left, top, width } = surface.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      const timeMs = nearest(tip.times, chart.convertFromPixel({ xAxisIndex: 0 }, x));
      if (timeMs === undefined || !chart.containPixel({ gridIndex: 0 }, [x, y])) {
        hide();
        return;
      }
      const lineX = chart.convertToPixel({ xAxisIndex: 0 }, timeMs);
      line.current!.hidden = false;
      line.current!.style.left = `${lineX}px`;
      box.current!.replaceChildren(tip.at(timeMs));
      box.current!.hidden = false;
      const after = x + DISTANCE_PIXELS;
      const before = x - DISTANCE_PIXELS - box.current!.offsetWidth;
      const isAfter = after + box.current!.offsetWidth <= width;
      box.current!.style.left = `${isAfter ? after : Math.max(before, 0)}px`;
      box.current!.style.top = `${y + DISTANCE_PIXELS}px`;
    };
    surface.addEventListener('pointermove', show);
    surface.addEventListener('pointerleave', hide);
    return () => {
      hide();
      surface.removeEventListener('pointermove', show);
      surface.removeEventListener('pointerleave', hide);
    };
  }, [chart, tip]);
  return (
    <>
      <div ref={line} className="pointer-line" hidden />
      <div ref={box} className="tip" hidden />
    </>
  );
}

function nearest(times: readonly number[], wanted: number): number | undefined {
  let found: number | undefined;
  for (const time of times) {
    if (found !== undefined && Math.abs(time - wanted) > Math.abs(found - wanted)) break;
    found = time;
  }
  return found;
}
