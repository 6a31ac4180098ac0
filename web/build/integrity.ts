import { createHash } from 'node:crypto'
import type { Plugin, Rolldown } from 'vite'

/**
 * Writes into each HTML file the hash of every script that it can come to load: into the tags that name one, and into an import map for those that scripts import, now or later. The browser
 * itself refuses one that differs, at the moment when it would run it.
 */
export const integrity = (): Plugin => ({
  name: 'salus-integrity',
  enforce: 'post',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue
        file.source = withHashes(String(file.source), file.fileName, bundle)
      }
    },
  },
})

function withHashes(html: string, name: string, bundle: Rolldown.OutputBundle): string {
  const named: string[] = []
  const tagged = html.replace(/(<(?:script|link)\b[^>]*?(?:src|href)="\.\/([^"]+)")/g, (_, start: string, path: string) => {
    const file = bundle[path]
    if (!file) throw new Error(`${name} names ${path}, which is not built`)
    named.push(path)
    return `${start} integrity="${hash(file)}"`
  })
  const map = { integrity: Object.fromEntries(reachable(named, bundle).map(path => [`./${path}`, hash(bundle[path]!)])) }
  return tagged.replace(/ *<script\b/, tag => `    <script type="importmap">${JSON.stringify(map)}</script>\n${tag}`)
}

function reachable(from: string[], bundle: Rolldown.OutputBundle): string[] {
  const found = new Set<string>()
  const visit = (path: string) => {
    const file = bundle[path]
    if (file?.type !== 'chunk' || found.has(path)) return
    found.add(path)
    for (const next of [...file.imports, ...file.dynamicImports]) visit(next)
  }
  for (const path of from) visit(path)
  return [...found].sort()
}

const hash = (file: Rolldown.OutputAsset | Rolldown.OutputChunk) =>
  `sha256-${createHash('sha256').update(file.type === 'chunk' ? file.code : file.source).digest('base64')}`
