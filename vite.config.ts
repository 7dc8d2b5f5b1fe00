// Owns building the simulator's page: everything bundled, no CDN; charts in a chunk of their own, loaded with the first chart.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('simulator/page', import.meta.url)),
  base: './',
  build: {
    outDir: fileURLToPath(new URL('dist/page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // The chart library is one large file on purpose: it comes only when a chart is shown.
    chunkSizeWarningLimit: 2500,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/sim': 'http://127.0.0.1:8788' } },
});
