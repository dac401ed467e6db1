import { CustomChart } from 'echarts/charts';
import { init, use } from 'echarts/core';
// The grid alone: pointer, tooltip, brush and bars are a few lines of our own, where ECharts' weigh 45 kB.
import { install as gridWithoutPointer } from 'echarts/lib/component/grid/installSimple.js';
import { CanvasRenderer } from 'echarts/renderers';

use([CustomChart, gridWithoutPointer, CanvasRenderer]);

export { init };
