import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Chromium } from '../testing/chromium'
import { hostile } from '../testing/hostile'

// The built viewer under the policy that the servers send, in a real browser.

const web = fileURLToPath(new URL('../..', import.meta.url))
const built = mkdtempSync(join(tmpdir(), 'salus-viewer-build-'))
const reached: string[] = []
let server: Server
let origin: string
let leak: string
let chromium: Chromium

/** As src/Hosting writes it. */
function policy(): string {
  const source = readFileSync(join(web, '../src/Hosting/Pages/PagePolicy.cs'), 'utf8')
  const constant = /ViewerContent =([^;]|;(?! *\n))*;/.exec(source)![0]
  const text = [...constant.matchAll(/"([^"]*)"/g)].map(([, part]) => part).join('')
  if (!text.startsWith('sandbox allow-scripts; ')) throw new Error('The policy of the viewer is not where it was.')
  return text
}

// The page with the viewer, as the record screen embeds it; `answers` are what the viewer says.
const page = '<!doctype html><title>page</title><iframe sandbox="allow-scripts" src="viewer.html" width="800" height="600"></iframe><script src="page.js"></script>'
const script = `
  const answers = []
  const frame = document.querySelector('iframe')
  const loaded = new Promise(done => { frame.onload = done })
  async function show(bytes, mediaType, name) {
    await loaded
    const { port1, port2 } = new MessageChannel()
    const answer = new Promise(done => { port1.onmessage = event => { answers.push(event.data); if ('shown' in event.data || 'failure' in event.data) done(event.data) } })
    frame.contentWindow.postMessage({ show: { content: new Blob([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))]), mediaType, name, theme: 'light', language: 'en' } }, '*', [port2])
    return answer
  }`

beforeAll(async () => {
  await build({
    configFile: false, root: web, base: './', logLevel: 'silent',
    build: { outDir: built, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, rolldownOptions: { input: join(web, 'viewer.html') } },
  })
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://x').pathname)
    const send = (body: string | Buffer, headers: Record<string, string>) => { response.writeHead(200, headers).end(body) }
    if (path.startsWith('/leak/')) {
      reached.push(path)
      send('', { 'content-type': types[extname(path)] ?? 'text/html', 'access-control-allow-origin': '*' })
    } else if (path === '/page.html') send(page, { 'content-type': 'text/html' })
    else if (path === '/page.js') send(script, { 'content-type': 'text/javascript' })
    else if (path === '/naked.html') send(hostile(leak)[0]!.content, { 'content-type': 'text/html' })
    else {
      try {
        send(readFileSync(join(built, path)), {
          'content-type': types[extname(path)] ?? 'application/octet-stream', 'access-control-allow-origin': '*', ...(path === '/viewer.html' ? { 'content-security-policy': policy() } : {}),
        })
      } catch {
        response.writeHead(404).end()
      }
    }
  })
  await new Promise<void>(done => { server.listen(0, '127.0.0.1', done) })
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  leak = `${origin}/leak`
  chromium = new Chromium()
  await chromium.send('Target.setDiscoverTargets', { discover: true })
}, 120_000)

afterAll(() => {
  chromium.close()
  server.close()
  rmSync(built, { recursive: true, force: true })
})

const settle = () => new Promise(done => { setTimeout(done, 700) })
/** Pages that a document has led to. */
async function leaked(): Promise<string[]> {
  const { targetInfos } = await chromium.send<{ targetInfos: { targetId: string, url: string }[] }>('Target.getTargets')
  return targetInfos.filter(({ url }) => url.includes('/leak/')).map(({ targetId }) => targetId)
}
const tried = (from: number) => chromium.events.slice(from).filter(({ method }) => method === 'Page.javascriptDialogOpening' || method === 'Page.windowOpen').map(({ method }) => method)

test('shown as a page, the same letter runs its scripts and reaches out: what is looked for would be seen', async () => {
  const session = await chromium.open()
  const from = chromium.events.length
  reached.length = 0
  await chromium.send('Page.navigate', { url: `${origin}/naked.html` }, session)
  // A dialog or another page at the top, whichever it comes to first.
  const acted = async () => tried(from).length > 0 || (await leaked()).length > 0
  for (let i = 0; i < 40 && !await acted(); i++) await settle()
  expect(await acted()).toBe(true)
  expect(reached).toContain('/leak/script.js')
}, 60_000)

test.each(hostile('').map(({ name }) => name))('%s is shown, and does nothing', async name => {
  const { content, mediaType } = hostile(leak).find(one => one.name === name)!
  const session = await chromium.open()
  await chromium.send('Page.navigate', { url: `${origin}/page.html` }, session)
  for (let i = 0; i < 60 && !await chromium.evaluate<boolean>(session, 'typeof show === "function"'); i++) await settle()
  const from = chromium.events.length
  const before = await leaked()
  reached.length = 0
  const answer = await chromium.evaluate(session, `show(${JSON.stringify(Buffer.from(content).toString('base64'))}, ${JSON.stringify(mediaType)}, ${JSON.stringify(name)})`)
  await settle()
  expect(answer).toEqual({ shown: true })
  expect(reached).toEqual([])
  expect(tried(from)).toEqual([])
  expect(await chromium.evaluate(session, 'location.href + " " + document.title')).toBe(`${origin}/page.html page`)
  // Nothing but sizes and how it went is said.
  const said = await chromium.evaluate<object[]>(session, 'answers')
  expect(new Set(said.flatMap(Object.keys))).toEqual(new Set(['height', 'shown']))
  expect((await leaked()).filter(target => !before.includes(target))).toEqual([])
}, 60_000)

test('outside of a sandbox the viewer shows nothing', async () => {
  const session = await chromium.open()
  await chromium.send('Page.navigate', { url: `${origin}/page.html` }, session)
  for (let i = 0; i < 60 && !await chromium.evaluate<boolean>(session, 'typeof show === "function"'); i++) await settle()
  const shown = await chromium.evaluate<string>(session, `(async () => {
    const frame = document.createElement('iframe')
    frame.srcdoc = await fetch('viewer.html').then(answer => answer.text())
    const loaded = new Promise(done => { frame.onload = done })
    document.body.append(frame)
    await loaded
    const { port1, port2 } = new MessageChannel()
    const answer = new Promise(done => { port1.onmessage = event => done(JSON.stringify(event.data)); setTimeout(() => done('nothing'), 1500) })
    frame.contentWindow.postMessage({ show: { content: new Blob(['text']), mediaType: 'text/plain', name: 'a.txt', theme: 'light', language: 'en' } }, '*', [port2])
    return answer
  })()`)
  expect(shown).toBe('nothing')
}, 60_000)
