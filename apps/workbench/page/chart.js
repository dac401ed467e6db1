import * as echarts from '/vendor/echarts.js';

/* global ResizeObserver */

/** An ECharts chart that follows the size of its box. The picture has words for those who do not see it. */
export function chart({ height, label }) {
  const element = document.createElement('div');
  element.className = 'chart';
  element.style.height = `${height}px`;
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', label);
  let instance;
  let latest;
  // A chart has no size before it is in the page.
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === 0) return;
    if (!instance) {
      instance = echarts.init(element, null, { renderer: 'canvas', useDirtyRect: false });
      if (latest) instance.setOption(latest, { notMerge: true });
    } else {
      instance.resize();
    }
  });
  observer.observe(element);
  return {
    element,
    draw(option) {
      latest = { animation: false, ...option };
      instance?.setOption(latest, { notMerge: true });
    },
    relabel(text) {
      element.setAttribute('aria-label', text);
    },
    dispose() {
      observer.disconnect();
      instance?.dispose();
    },
  };
}
