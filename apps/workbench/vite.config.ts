import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page, as files that any web server could serve. */
export default defineConfig({
  root: import.meta.dirname + '/page',
  base: '/',
  plugins: [react()],
  resolve: {
    // Chinese texts, a theme of its own, patterns, and options as they were before ECharts 3: 5 kB of the first view.
    alias: [
      {
        find: /^\.{1,2}\/(?:i18n\/langZH|theme\/dark|preprocessor\/backwardCompat|util\/decal)\.js$/,
        replacement: import.meta.dirname + '/page/src/shared/nothing.ts',
      },
    ],
  },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy admits no data URLs for fonts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // What views share, in one file: small files are larger together.
      output: {
        codeSplitting: { groups: [{ name: 'shared', test: /page\/src\/(?:api|shared)\/(?!echarts|nothing)/ }] },
      },
    },
  },
});
