import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import type { Ends } from '../api/ask.js';
import { readTheme, type Theme } from './theme.js';

interface ChartProps {
  readonly height: number;
  /** The picture in words, for those who do not see it. */
  readonly label: string;
  /** Makes the picture in the colours of now. A changed function draws anew. */
  readonly option: (theme: Theme) => EChartsCoreOption;
  /** Told the range that was marked with the pointer. */
  readonly onBrush?: (ends: Ends) => void;
}

/** Shorter marks are clicks. */
const LEAST_BRUSH_MS = 1000;

/** A chart that follows the size of its box and the scheme of colours. ECharts is loaded with the first one. */
export function Chart({ height, label, option, onBrush }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts>();
  const scheme = useScheme();
  useEffect(() => {
    let made: ECharts | undefined;
    let isGone = false;
    let observer: ResizeObserver | undefined;
    void import('./echarts.js').then(({ init }) => {
      if (isGone || !box.current) return;
      made = init(box.current, null, { renderer: 'canvas' });
      observer = new ResizeObserver(() => made?.resize());
      observer.observe(box.current);
      setChart(made);
    });
    return () => {
      isGone = true;
      observer?.disconnect();
      made?.dispose();
    };
  }, []);
  useEffect(() => {
    if (!chart) return;
    chart.setOption(option(readTheme()), { notMerge: true });
    if (!onBrush) return;
    chart.dispatchAction({
      type: 'takeGlobalCursor',
      key: 'brush',
      brushOption: { brushType: 'lineX', brushMode: 'single', z: 10_000 },
    });
    const take = (event: unknown) => {
      const range = (event as { areas: { coordRange?: [number, number] }[] }).areas[0]?.coordRange;
      chart.dispatchAction({ type: 'brush', areas: [] });
      if (range && range[1] - range[0] >= LEAST_BRUSH_MS)
        onBrush({ fromMs: Math.floor(range[0]), toMs: Math.ceil(range[1]) });
    };
    chart.on('brushEnd', take);
    return () => {
      chart.off('brushEnd', take);
    };
  }, [chart, option, scheme, onBrush]);
  return <div ref={box} className="chart" style={{ height }} role="img" aria-label={label} />;
}

/** Changes when the reader's scheme of colours does. */
function useScheme(): boolean {
  const [isDark, setDark] = useState(() => window.matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    const changed = () => setDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return isDark;
}
