import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import type { Ends } from '../api/ask.js';
import { Brush } from './brush.js';
import { Pointer, type Tip } from './pointer.js';
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

/** A chart that follows the size of its box and the scheme of colours. ECharts is loaded with the first one. */
export function Chart({ height, label, option, onBrush }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts>();
  const [tip, setTip] = useState<Tip>();
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
    const { tip: made, ...picture } = option(readTheme());
    chart.setOption(picture, { notMerge: true });
    setTip(made as Tip | undefined);
  }, [chart, option, scheme]);
  return (
    <div className="chart-box" style={{ height }}>
      <div ref={box} className="chart" style={{ height }} role="img" aria-label={label} />
      {chart && tip && <Pointer chart={chart} tip={tip} />}
      {onBrush && chart && <Brush chart={chart} onBrush={onBrush} />}
    </div>
  );
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
