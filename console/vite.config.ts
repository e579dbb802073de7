import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { textsPlugin } from './tools/texts';

// Development and preview talk to a hub, or to mock/server.ts, at this address.
const hub = process.env.LUY_HUB ?? 'http://127.0.0.1:8787';
const proxy = { '/api': { target: hub, changeOrigin: true, secure: false } };

export default defineConfig({
  plugins: [textsPlugin(), react()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
  build: {
    target: 'es2022',
    // Nothing may become a data: URL or an inline script: the hub's policy is script-src 'self'; font-src 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 180_000,
  },
});
