import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { integrity } from './build/integrity.ts'

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url))

// Two pages: the page itself, and the viewer of record content, which runs in an opaque origin.
export default defineConfig({
  base: './',
  plugins: [react(), integrity()],
  // `./salus build` names the key that will sign the page, and the folder of the core; without a key nothing is checked at the start.
  define: {
    SALUS_PAGE_KEY: JSON.stringify(process.env['SALUS_PAGE_KEY'] ?? ''),
    SALUS_CORE: JSON.stringify(process.env['SALUS_CORE'] ?? 'core/'),
  },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: page('index.html'), viewer: page('viewer.html') } },
  },
  worker: { format: 'es' },
})
