import { afterEach, expect, test, vi } from 'vitest'
import { findCloud, findHome, isRunning } from './home'

afterEach(() => { vi.unstubAllGlobals() })

/** A host at `page` whose cloud.json says what it likes; only `salus open` has /open. What it was asked for. */
function servedFrom(page: string, cloud: string, opens: boolean): string[] {
  const asked: string[] = []
  vi.stubGlobal('location', { href: page })
  vi.stubGlobal('document', { baseURI: page })
  vi.stubGlobal('fetch', async (url: URL) => {
    asked.push(url.pathname)
    if (url.pathname === '/cloud.json') return Promise.resolve(new Response(JSON.stringify({ cloud })))
    if (url.pathname === '/manifest.signed') return Promise.resolve(new Response('salus page 2\nversion 9.9.9\nbuild release\nnumber 9\nminimum 3\nfiles 0\n'))
    if (url.pathname !== '/open' || !opens) return Promise.resolve(new Response(null, { status: 404 }))
    return Promise.resolve(Object.defineProperties(new Response('the page'), { redirected: { value: true }, url: { value: page } }))
  })
  return asked
}

test('a cloud under a second name is the cloud, whatever it says itself', async () => {
  servedFrom('http://127.0.0.1:7100/', 'http://localhost:7100/', false)
  expect((await findHome()).from).toBe('cloud')
  servedFrom('https://salus.example.org/', 'https://other.example.org/', false)
  expect((await findHome()).from).toBe('cloud')
  servedFrom('https://salus.example.org/', 'https://other.example.org/', true)
  expect((await findHome()).from).toBe('cloud')
})

test('the page of `salus open` is of this machine, and is the one that runs, whatever is handed out now', async () => {
  const asked = servedFrom('http://localhost:7190/', 'https://salus.example.org/', true)
  isRunning(new TextEncoder().encode('salus page 2\nversion 1.2.3\nbuild development\nnumber 5\nminimum 3\nfiles 0\n'))
  expect(await findHome()).toMatchObject({ from: 'client', version: '1.2.3', build: 'development' })
  expect(asked).toEqual(['/open'])
})

test('to start, the page asks which cloud it is and nothing more', async () => {
  const asked = servedFrom('http://localhost:7190/', 'https://salus.example.org/', true)
  expect(await findCloud()).toBe('https://salus.example.org/')
  expect(asked).toEqual(['/cloud.json'])
})

test.each(['{}', '{"cloud":7}', 'null', '<html>'])('a host that names no cloud by %s is the cloud', async told => {
  vi.stubGlobal('location', { href: 'https://salus.example.org/#/settings' })
  vi.stubGlobal('document', { baseURI: 'https://salus.example.org/' })
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(told)))
  expect(await findCloud()).toBe('https://salus.example.org/')
})
