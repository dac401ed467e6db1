declare module 'echarts/lib/component/grid/installSimple.js' {
  export const install: (registers: unknown) => void;
}
