import * as pdf from 'pdfjs-dist'
import * as worker from 'pdfjs-dist/build/pdf.worker.mjs'
import { bytesOfDataUrl } from './bytes'
import { button, element, note } from './dom'
import type { View } from './main'

// pdf.js draws pages; it runs no script of a document, follows no link and fetches nothing: what it needs beside the document comes as modules of this page.

// An opaque origin has no worker: the document is read on this thread, which shows nothing else.
Object.assign(globalThis, { pdfjsWorker: worker })

type Files = Record<string, () => Promise<{ default: string }>>
const files: Record<string, Files> = {
  cMapUrl: import.meta.glob('/node_modules/pdfjs-dist/cmaps/*.bcmap', { query: '?url&inline' }) as Files,
  standardFontDataUrl: import.meta.glob('/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}', { query: '?url&inline' }) as Files,
  wasmUrl: import.meta.glob('/node_modules/pdfjs-dist/wasm/*.wasm', { query: '?url&inline' }) as Files,
}

class BundledFiles {
  async fetch({ kind, filename }: { kind: string, filename: string }): Promise<Uint8Array> {
    const load = Object.entries(files[kind] ?? {}).find(([path]) => path.endsWith(`/${filename}`))?.[1]
    if (!load) throw new Error(`${filename} is not part of this page.`)
    return bytesOfDataUrl((await load()).default)
  }
}

const maxCanvas = 16_000_000

export async function showPdf({ content, root, text, fail }: Pick<View, 'content' | 'root' | 'text' | 'fail'>): Promise<void> {
  let document: pdf.PDFDocumentProxy
  try {
    document = await pdf.getDocument({
      data: new Uint8Array(await content.arrayBuffer()), disableRange: true, disableStream: true, disableAutoFetch: true, enableXfa: false, stopAtErrors: false,
      useWorkerFetch: false, useSystemFonts: false, standardFontDataUrl: 'bundled/', cMapUrl: 'bundled/', cMapPacked: true, wasmUrl: 'bundled/', isOffscreenCanvasSupported: true,
      BinaryDataFactory: BundledFiles, maxImageSize: 100_000_000, verbosity: 0,
    }).promise
  } catch (problem) {
    if (problem instanceof Error && problem.name === 'PasswordException') root.append(note(text.passwordNeeded))
    else fail('damaged')
    return
  }
  const canvas = element('canvas', { class: 'page', role: 'img' })
  const stage = element('div', { class: 'stage', tabindex: 0, role: 'group' }, canvas)
  const words = element('div', { class: 'words', dir: 'auto' })
  const place = element('output', { 'aria-live': 'polite' })
  const previous = button(text.previousPage, () => { void show(at - 1) })
  const next = button(text.nextPage, () => { void show(at + 1) })
  const zoom = (factor: number) => () => { scale = Math.max(0.25, Math.min(5, scale * factor)); void show(at) }
  const tools = element('div', { class: 'tools' }, previous, place, next, button(text.smaller, zoom(0.8)), button(text.larger, zoom(1.25)), button(text.fit, () => { scale = 1; void show(at) }))
  root.append(tools, stage, element('details', {}, element('summary', {}, text.pageText), words))
  let [at, scale] = [1, 1]
  let drawing: pdf.RenderTask | null = null

  async function show(page: number): Promise<void> {
    at = Math.max(1, Math.min(document.numPages, page))
    place.textContent = text.page(at, document.numPages)
    stage.setAttribute('aria-label', place.textContent)
    canvas.setAttribute('aria-label', place.textContent)
    previous.disabled = at === 1
    next.disabled = at === document.numPages
    drawing?.cancel()
    const asked = at
    const shown = await document.getPage(asked)
    const natural = shown.getViewport({ scale: 1 })
    const wide = Math.max(200, stage.clientWidth - 2) / natural.width * scale
    const fine = Math.min(window.devicePixelRatio || 1, 2)
    const dense = Math.min(wide * fine, Math.sqrt(maxCanvas / (natural.width * natural.height)))
    const viewport = shown.getViewport({ scale: dense })
    canvas.width = Math.floor(viewport.width)
    canvas.height = Math.floor(viewport.height)
    canvas.style.inlineSize = `${Math.floor(natural.width * wide)}px`
    drawing = shown.render({ canvas, viewport, annotationMode: pdf.AnnotationMode.DISABLE })
    await drawing.promise
    const said = (await shown.getTextContent()).items.map(item => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
    if (asked === at) words.textContent = said.trim() || text.noPageText
  }

  stage.addEventListener('keydown', event => {
    const step = { PageDown: 1, PageUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    void show(at + step)
  })
  // A cancelled drawing is not a failure: the next one follows.
  await show(1).catch((problem: unknown) => { if (!(problem instanceof pdf.RenderingCancelledException)) fail('damaged') })
}
