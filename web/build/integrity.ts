import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** Writes the hash of each script and style sheet that an HTML file names into its tag: the browser refuses one that differs. */
export const integrity = (): Plugin => ({
  name: 'salus-integrity',
  enforce: 'post',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue
        file.source = String(file.source).replace(/(<(?:script|link)\b[^>]*?(?:src|href)="\.\/([^"]+)")/g, (tag: string, start: string, path: string) => {
          const named = bundle[path]
          if (!named) throw new Error(`${file.fileName} names ${path}, which is not built`)
          const content = named.type === 'chunk' ? named.code : named.source
          return tag.replace(start, `${start} integrity="sha256-${createHash('sha256').update(content).digest('base64')}"`)
        })
      }
    },
  },
})
