import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page, as files that any web server could serve. */
export default defineConfig({
  root: import.meta.dirname + '/page',
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy admits no data URLs for fonts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
