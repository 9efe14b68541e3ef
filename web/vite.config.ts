import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npx vite web` finds the service while the console is being worked on. */
const SERVICE = 'http://127.0.0.1:9002';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // the service refuses data addresses for scripts and needs none for the rest
    assetsInlineLimit: 0,
    // the editor, which is loaded when a definition is looked at
    chunkSizeWarningLimit: 600,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': SERVICE, '/health': SERVICE, '/admin': SERVICE, '/docs': SERVICE, '/login': SERVICE } },
});
