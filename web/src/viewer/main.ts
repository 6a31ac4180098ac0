import { viewer as de } from '../text/de/viewer'
import { viewer as en } from '../text/en/viewer'
import { note } from './dom'
import { kindOf } from './kinds'
import type { FromViewer, Show, ToViewer, ViewerFailure } from './protocol'
import './viewer.css'

// Shows the content of one record inside an opaque origin: what the bytes do here reaches no key and no other record.

export interface View {
  content: Blob
  name: string
  root: HTMLElement
  text: typeof en
  bytes: (count: number) => string
  date: (text: string) => string
  fail: (failure: ViewerFailure) => void
}

const maxBytes = 400_000_000

// Without the sandbox this page would have the origin of the page with the keys: then it does nothing.
if (self.origin === 'null') {
  addEventListener('message', event => {
    const [port] = event.ports
    if (event.source === parent && port && isShow(event.data)) begin(port, event.data.show)
  }, { once: true })
}

const isShow = (data: unknown): data is { show: Show } => typeof data === 'object' && data !== null && 'show' in data

function begin(port: MessagePort, show: Show): void {
  const tell = (answer: FromViewer) => { port.postMessage(answer) }
  port.onmessage = (event: MessageEvent<ToViewer>) => { if ('theme' in event.data) document.documentElement.dataset.theme = event.data.theme }
  document.documentElement.dataset.theme = show.theme
  document.documentElement.lang = show.language
  const text = show.language === 'de' ? de : en
  document.title = text.frame(show.name)
  const root = document.createElement('main')
  document.body.append(root)
  new ResizeObserver(() => { tell({ height: root.getBoundingClientRect().height }) }).observe(root)
  let failed = false
  const fail = (failure: ViewerFailure) => {
    failed = true
    root.replaceChildren(note(text[failure]))
    tell({ failure })
  }
  void display({ content: show.content, name: show.name, root, text, fail, ...formats(show.language) }, show.mediaType)
    .catch(() => { fail('damaged') })
    .then(() => { if (!failed) tell({ shown: true }) })
}

async function display(view: View, mediaType: string): Promise<void> {
  if (view.content.size > maxBytes) { view.fail('tooLarge'); return }
  const start = new Uint8Array(await view.content.slice(0, 4096).arrayBuffer())
  switch (kindOf(start, mediaType, view.name)) {
    case 'image': return (await import('./image')).showImage(view, false)
    case 'svg': return (await import('./image')).showImage(view, true)
    case 'pdf': return (await import('./pdf')).showPdf(view)
    case 'dicom': return (await import('./dicom/view')).showDicom(view)
    case 'cda': return (await import('./cda')).showCda(view)
    case 'html': return (await import('./markup')).showHtml(view)
    case 'text': return (await import('./text')).showText(view)
    case null: view.fail('unsupported')
  }
}

function formats(language: string): Pick<View, 'bytes' | 'date'> {
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  return {
    bytes: count => new Intl.NumberFormat(language, { style: 'unit', unit: count < 1000 ? 'byte' : count < 1e6 ? 'kilobyte' : 'megabyte', maximumFractionDigits: 1 })
      .format(count < 1000 ? count : count < 1e6 ? count / 1e3 : count / 1e6),
    // A day only: a year or month says no more than it does.
    date: text => (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? days.format(new Date(text)) : text),
  }
}
