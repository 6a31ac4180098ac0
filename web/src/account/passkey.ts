// Passkeys with the PRF extension (WebAuthn Level 3, section 10.1.4): the authenticator turns a salt into 32 bytes that open the account, and no server learns them.

export interface MadePasskey {
  /** PublicKeyCredential.toJSON() as text, without results of extensions: those are the secret. */
  credential: string
  prf: Uint8Array
}

/** Why there is no passkey: the person said no or let it lapse; the device cannot do PRF; or something else. */
export class PasskeyFailure extends Error {
  readonly reason: 'cancelled' | 'unsupported' | 'exists' | 'failed'
  constructor(reason: PasskeyFailure['reason'], message = '') {
    super(message)
    this.name = 'PasskeyFailure'
    this.reason = reason
  }
}

/** Whether it is worth offering: the browser can read the options. That the authenticator has PRF shows when it is used. */
export const passkeysPossible = (): boolean =>
  typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function' && 'credentials' in navigator

/** Makes a passkey. Some authenticators evaluate PRF only at an assertion: then one follows at once. */
export async function createPasskey(options: string, prfSalt: string): Promise<MadePasskey> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options) as PublicKeyCredentialCreationOptionsJSON)
  publicKey.extensions = { ...publicKey.extensions, prf: { eval: { first: fromBase64Url(prfSalt) } } }
  const made = await ask(() => navigator.credentials.create({ publicKey }))
  const results = made.getClientExtensionResults().prf
  if (results?.results?.first) {
    const prf = taken(results.results.first)
    return { credential: withoutResults(made), prf }
  }
  if (results?.enabled !== true) {
    // The authenticator keeps a passkey that opens nothing: it is told so, where the browser can.
    if (publicKey.rp.id) await PublicKeyCredential.signalUnknownCredential?.({ rpId: publicKey.rp.id, credentialId: made.id }).catch(() => undefined)
    throw new PasskeyFailure('unsupported')
  }
  const { prf } = await evaluate([made.id], prfSalt, publicKey.rp.id)
  return { credential: withoutResults(made), prf }
}

/** Opens the account of this browser with one of its passkeys; no server is asked, so the challenge is nobody's. */
export async function evaluate(credentials: string[], prfSalt: string, rpId?: string): Promise<{ credential: string, prf: Uint8Array }> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    allowCredentials: credentials.map(id => ({ type: 'public-key', id: fromBase64Url(id) })),
    userVerification: 'required',
    ...(rpId && { rpId }),
  }
  const { id, prf } = await assertion(publicKey, prfSalt)
  return { credential: id, prf }
}

/** Answers the cloud's challenge with any passkey that the person chooses. */
export async function answer(options: string, prfSalt: string): Promise<MadePasskey> {
  const { json, prf } = await assertion(PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options) as PublicKeyCredentialRequestOptionsJSON), prfSalt)
  return { credential: json, prf }
}

async function assertion(publicKey: PublicKeyCredentialRequestOptions, prfSalt: string): Promise<{ id: string, json: string, prf: Uint8Array }> {
  publicKey.extensions = { ...publicKey.extensions, prf: { eval: { first: fromBase64Url(prfSalt) } } }
  const given = await ask(() => navigator.credentials.get({ publicKey }))
  const first = given.getClientExtensionResults().prf?.results?.first
  if (!first) throw new PasskeyFailure('unsupported')
  const prf = taken(first)
  return { id: given.id, json: withoutResults(given), prf }
}

async function ask(what: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await what()
    if (credential instanceof PublicKeyCredential) return credential
    throw new PasskeyFailure('failed')
  } catch (problem) {
    if (problem instanceof PasskeyFailure) throw problem
    const name = problem instanceof Error ? problem.name : ''
    const reason = name === 'NotAllowedError' || name === 'AbortError' ? 'cancelled' : name === 'InvalidStateError' ? 'exists' : name === 'NotSupportedError' ? 'unsupported' : 'failed'
    throw new PasskeyFailure(reason, problem instanceof Error ? problem.message : String(problem))
  }
}

/** Only after the results were wiped: toJSON writes them out as text, which nothing wipes. */
const withoutResults = (credential: PublicKeyCredential): string => JSON.stringify({ ...(credential.toJSON() as object), clientExtensionResults: {} })

/** A copy to hand over; the browser's own is wiped. */
function taken(source: BufferSource): Uint8Array {
  const bytes = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source)
  const copy = bytes.slice()
  bytes.fill(0)
  return copy
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, character => character.charCodeAt(0))
}
