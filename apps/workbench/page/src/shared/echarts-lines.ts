import { LineChart } from 'echarts/charts';
import { use } from 'echarts/core';

// Apart from the rest: the first view draws its lines itself, together with their bands.
use([LineChart]);
