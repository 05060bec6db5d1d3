import { defineConfig } from 'vite';

/** Builds the page into `dist` beside this file, from which `api/http/page.ts` serves it. */
export default defineConfig({
  root: import.meta.dirname,
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the page's policy loads nothing from a data: URL
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
