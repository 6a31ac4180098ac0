import { useCallback, useState } from 'react'
import { CoreFailure, type Identity, type Passkey } from '../core/api'
import { asFailure, useCore } from '../core/useCore'
import { deviceName } from './device'
import { answer, createPasskey, evaluate, PasskeyFailure } from './passkey'

/** What went wrong: the browser's side, or the core's. */
export type PasskeyProblem = { passkey: PasskeyFailure['reason'] } | { core: CoreFailure }

/** What is done with passkeys. Each answers null when it failed, and `problem` says why. The bytes that open the account are wiped here once the worker has its copy. */
export function usePasskey() {
  const core = useCore()
  const [running, setRunning] = useState(false)
  const [problem, setProblem] = useState<PasskeyProblem | null>(null)

  const run = useCallback(async <T>(what: () => Promise<T>): Promise<T | null> => {
    setRunning(true)
    setProblem(null)
    try {
      return await what()
    } catch (failure) {
      setProblem(failure instanceof PasskeyFailure ? { passkey: failure.reason } : { core: asFailure(failure) })
      return null
    } finally {
      setRunning(false)
    }
  }, [])

  const add = useCallback((name: string): Promise<Passkey | null> => run(async () => {
    const { options, prfSalt } = await core.call('passkey.create', {})
    const { credential, prf } = await createPasskey(options, prfSalt)
    return await handOver(prf, () => core.call('passkey.add', { credential, prf, name }))
  }), [core, run])

  const unlock = useCallback((): Promise<Identity | null> => run(async () => {
    const { prfSalt, credentials } = await core.call('passkey.salt', {})
    const { credential, prf } = await evaluate(credentials, prfSalt)
    return await handOver(prf, () => core.call('unlock', { credential, prf }))
  }), [core, run])

  const logIn = useCallback((): Promise<Identity | null> => run(async () => {
    const { options, prfSalt } = await core.call('passkey.request', {})
    const { credential, prf } = await answer(options, prfSalt)
    return await handOver(prf, () => core.call('passkey.login', { credential, prf, device: deviceName(navigator.userAgent) }))
  }), [core, run])

  const clear = useCallback(() => { setProblem(null) }, [])
  return { add, unlock, logIn, running, problem, clear }
}

/** `Core.call` copies a secret for the worker before it returns: the page's bytes are wiped at once. */
function handOver<T>(secret: Uint8Array, call: () => Promise<T>): Promise<T> {
  try {
    return call()
  } finally {
    secret.fill(0)
  }
}
