import { afterEach, expect, test, vi } from 'vitest'
import { answer, createPasskey, fromBase64Url } from './passkey'

afterEach(() => { vi.unstubAllGlobals() })

test('base64url is read with and without the letters that differ', () => {
  expect([...fromBase64Url('-_-_')]).toEqual([0xfb, 0xff, 0xbf])
  expect([...fromBase64Url('AQI')]).toEqual([1, 2])
  expect(fromBase64Url('')).toHaveLength(0)
})

/** A browser's credential: what toJSON writes out is what its buffer holds then. */
class Credential {
  static parseCreationOptionsFromJSON = (options: object) => ({ ...options })
  static parseRequestOptionsFromJSON = (options: object) => ({ ...options })
  readonly id = 'AQI'
  readonly secret = new Uint8Array(32).fill(5)
  written: number[] | null = null
  getClientExtensionResults() { return { prf: { enabled: true, results: { first: this.secret.buffer } } } }
  toJSON() {
    this.written = [...this.secret]
    return { id: this.id, clientExtensionResults: { prf: { results: { first: this.written.join() } } } }
  }
}

test('what a passkey evaluates to is wiped before anything of the credential becomes text', async () => {
  const [made, given] = [new Credential(), new Credential()]
  vi.stubGlobal('PublicKeyCredential', Credential)
  vi.stubGlobal('navigator', { credentials: { create: async () => Promise.resolve(made), get: async () => Promise.resolve(given) } })
  for (const { prf, credential } of [await createPasskey('{}', 'AQI'), await answer('{}', 'AQI')]) {
    expect([...prf]).toEqual(Array(32).fill(5))
    expect(JSON.parse(credential)).toEqual({ id: 'AQI', clientExtensionResults: {} })
  }
  for (const credential of [made, given]) expect(credential.written).toEqual(Array(32).fill(0))
})
