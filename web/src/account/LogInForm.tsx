import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Identity, PendingCode } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { IconFingerprint } from '../parts/icons'
import { SecretInput } from '../parts/SecretInput'
import { useText } from '../text'
import classes from './account.module.css'
import { codeLength } from './code'
import { CodeInput } from './CodeInput'
import { deviceName } from './device'
import { MailStep } from './MailStep'
import { passkeysPossible } from './passkey'
import { PasskeyTrouble } from './PasskeyTrouble'
import { usePasskey } from './usePasskey'

/** A session with the servers: by a passkey, or by a code by mail and the passphrase. */
export function LogInForm({ known, onDone }: { known?: string, onDone: (identity: Identity) => void }) {
  const t = useText().account
  const [mail, setMail] = useState(known ?? '')
  const [pending, setPending] = useState<PendingCode | null>(null)
  const [code, setCode] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const start = useAction('login.start')
  const complete = useAction('login.complete')
  const passkey = usePasskey()
  const send = async () => {
    const sent = await start.run({ mail: mail.trim() })
    if (!sent) return
    setPending(sent)
    setCode('')
    complete.clear()
  }
  const finish = async () => {
    if (!pending || code.length !== codeLength || !passphrase) return
    const identity = await complete.run({ pending, code, passphrase, device: deviceName(navigator.userAgent) })
    if (identity) onDone(identity)
  }
  const withPasskey = async () => {
    const identity = await passkey.logIn()
    if (identity) onDone(identity)
  }
  if (pending)
    return (
      <form onSubmit={event => { event.preventDefault(); void finish() }} noValidate>
        <Stack>
          <CodeInput mail={mail.trim()} code={code} onCode={setCode} onAgain={() => { void send() }} onOtherMail={known ? undefined : () => { setPending(null) }} />
          <input type="text" name="username" autoComplete="username" value={mail} readOnly hidden />
          <SecretInput label={t.passphrase.label} value={passphrase} onChange={setPassphrase} autoComplete="current-password" />
          {(complete.failure ?? start.failure) && <Failure error={(complete.failure ?? start.failure)!} />}
          <Button type="submit" loading={complete.running} disabled={code.length !== codeLength || !passphrase}>{t.logIn.action}</Button>
        </Stack>
      </form>
    )
  return (
    <>
      {passkeysPossible() && (
        <>
          <Stack>
            <PasskeyTrouble problem={passkey.problem} />
            <Button leftSection={<IconFingerprint size={20} aria-hidden />} onClick={() => { void withPasskey() }} loading={passkey.running}>{t.logIn.passkey}</Button>
          </Stack>
          <p className={classes.or}>{t.logIn.or}</p>
        </>
      )}
      <MailStep label={t.signUp.mail} text="" mail={mail} onMail={setMail} onSend={() => { void send() }} running={start.running} failure={start.failure} />
    </>
  )
}
