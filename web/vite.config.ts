import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url))

// Two pages: the page itself, and the viewer of record content, which runs in an opaque origin.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: page('index.html'), viewer: page('viewer.html') } },
  },
  worker: { format: 'es' },
})
