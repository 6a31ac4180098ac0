import { describe, expect, it } from 'vitest'
import { importMap, isStrict } from './policy'

const map = 'abc='
const strict = "default-src 'none'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self' http://localhost:7100 https://salus.example.org; worker-src 'self'; "
  + "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types salus; "
  + `script-src 'self' 'wasm-unsafe-eval' 'sha256-${map}'`

describe('the policy of the page', () => {
  it('is taken as the servers send it', () => { expect(isStrict(strict, map)).toBe(true) })
  it('is missed when there is none', () => { expect(isStrict(null, map)).toBe(false) })
  it('may stand among others, which only add to it', () => { expect(isStrict(`default-src *, ${strict}`, map)).toBe(true) })

  it.each([...new Set(['default-src', 'style-src', 'connect-src', 'worker-src', 'base-uri', 'form-action', 'frame-ancestors', 'require-trusted-types-for', 'trusted-types', 'script-src'])])(
    'is missed without %s', name => { expect(isStrict(strict.split('; ').filter(one => !one.startsWith(`${name} `)).join('; '), map)).toBe(false) })

  it.each([
    ["script-src 'self'", "script-src 'self' 'unsafe-inline'"],
    ["script-src 'self'", "script-src 'self' https://evil.example"],
    [`'sha256-${map}'`, "'sha256-another='"],
    [`'sha256-${map}'`, `'sha256-${map}'; script-src-elem *`],
    ["style-src 'self'", "style-src 'self' 'unsafe-inline'"],
    ['https://salus.example.org', '*'],
    ['https://salus.example.org', 'https:'],
    ['https://salus.example.org', 'https://*.example.org'],
    ['https://salus.example.org', 'data:'],
    ['trusted-types salus', 'trusted-types *'],
    ["default-src 'none'", "default-src *; default-src 'none'"],
  ])('is missed when %s becomes %s', (before, after) => { expect(isStrict(strict.replace(before, after), map)).toBe(false) })
})

describe('the import map of a document', () => {
  it('names the scripts that the browser checks', () => {
    const { paths, text } = importMap(new TextEncoder().encode('<script type="importmap">{"integrity":{"./assets/a.js":"sha256-x"}}</script><script src="b.js"></script>'))
    expect([...paths]).toEqual(['assets/a.js'])
    expect(text).toBe('{"integrity":{"./assets/a.js":"sha256-x"}}')
  })
  it('is empty where there is none', () => { expect(importMap(new TextEncoder().encode('<p>')).paths.size).toBe(0) })
})
