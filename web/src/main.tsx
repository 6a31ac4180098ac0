import '@mantine/core/styles.css'
import './shell/theme.css'
import './shell/page.css'
import { createRoot } from 'react-dom/client'
import { isRunning } from './core/home'
import { App } from './shell/App'

/** `manifest`: by which the boot has checked the files of this page; null for a build without a signature. */
export function show(manifest: Uint8Array<ArrayBuffer> | null): void {
  isRunning(manifest)
  createRoot(document.getElementById('page')!).render(<App />)
}
