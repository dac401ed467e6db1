const SERIES_COLORS = 8;

/** The colours of the style sheet, for canvases. */
export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly faint: string;
  readonly surface: string;
  readonly accent: string;
  readonly font: string;
  readonly series: readonly string[];
}

/** Read anew for each drawing: light and dark may have changed. */
export function readTheme(): Theme {
  const style = window.getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: color('text'),
    muted: color('muted'),
    line: color('line'),
    faint: color('faint'),
    surface: color('surface'),
    accent: color('accent'),
    font: style.getPropertyValue('font-family'),
    series: Array.from({ length: SERIES_COLORS }, (_, index) => color(`series-${index + 1}`)),
  };
}
