import type { ECharts } from 'echarts/core';
import { useEffect, useRef } from 'react';
import type { Ends } from '../api/ask.js';

/** Shorter marks are clicks. */
const LEAST_PIXELS = 4;

interface BrushProps {
  readonly chart: ECharts;
  readonly onBrush: (ends: Ends) => void;
}

/** Marks a range of a chart over time with the mouse. Fingers scroll the page; they have the range bar. */
export function Brush({ chart, onBrush }: BrushProps) {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const surface = chart.getDom();
    let startX: number | undefined;
    const xOf = (event: PointerEvent) => {
      const { left, width } = surface.getBoundingClientRect();
      return Math.min(Math.max(event.clientX - left, 0), width);
    };
    const show = (fromX: number, toX: number) => {
      mark.current!.hidden = Math.abs(toX - fromX) < LEAST_PIXELS;
      mark.current!.style.left = `${Math.min(fromX, toX)}px`;
      mark.current!.style.width = `${Math.abs(toX - fromX)}px`;
    };
    const begin = (event: PointerEvent) => {
      if (event.button !== 0 || event.pointerType === 'touch') return;
      event.preventDefault();
      startX = xOf(event);
    };
    const move = (event: PointerEvent) => {
      if (startX !== undefined) show(startX, xOf(event));
    };
    const end = (event: PointerEvent) => {
      if (startX === undefined) return;
      const [fromX, toX] = [startX, xOf(event)].sort((a, b) => a - b) as [number, number];
      startX = undefined;
      mark.current!.hidden = true;
      if (event.type === 'pointercancel' || toX - fromX < LEAST_PIXELS) return;
      const timeAt = (x: number) => chart.convertFromPixel({ xAxisIndex: 0 }, x);
      onBrush({ fromMs: Math.floor(timeAt(fromX)), toMs: Math.ceil(timeAt(toX)) });
    };
    surface.addEventListener('pointerdown', begin);
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
    return () => {
      surface.removeEventListener('pointerdown', begin);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
    };
  }, [chart, onBrush]);
  return <div ref={mark} className="brush-mark" hidden />;
}
