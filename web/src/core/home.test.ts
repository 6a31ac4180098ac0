import { afterEach, expect, test, vi } from 'vitest'
import { findHome } from './home'

afterEach(() => { vi.unstubAllGlobals() })

/** A host at `page` whose cloud.json says what it likes; only `salus open` has /open. */
async function homeAt(page: string, cloud: string, opens: boolean) {
  vi.stubGlobal('location', { href: page })
  vi.stubGlobal('document', { baseURI: page })
  vi.stubGlobal('fetch', async (url: URL) => {
    if (url.pathname === '/cloud.json') return Promise.resolve(new Response(JSON.stringify({ cloud })))
    if (url.pathname === '/manifest.signed') return Promise.resolve(new Response('salus page 1\nversion 1.2.3\nbuild development\nfiles 0\n'))
    if (url.pathname !== '/open' || !opens) return Promise.resolve(new Response(null, { status: 404 }))
    return Promise.resolve(Object.defineProperties(new Response('the page'), { redirected: { value: true }, url: { value: page } }))
  })
  return findHome()
}

test('a cloud under a second name is the cloud, whatever it says itself', async () => {
  expect((await homeAt('http://127.0.0.1:7100/', 'http://localhost:7100/', false)).from).toBe('cloud')
  expect((await homeAt('https://salus.example.org/', 'https://other.example.org/', false)).from).toBe('cloud')
  expect((await homeAt('https://salus.example.org/', 'https://other.example.org/', true)).from).toBe('cloud')
})

test('the page of `salus open` is of this machine', async () => {
  const home = await homeAt('http://localhost:7190/', 'https://salus.example.org/', true)
  expect(home).toMatchObject({ from: 'client', cloud: 'https://salus.example.org/', version: '1.2.3', build: 'development' })
})
