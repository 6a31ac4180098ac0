import { Anchor, Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { Failure } from '../parts/Failure'
import { IconFingerprint } from '../parts/icons'
import { PageTitle } from '../parts/PageTitle'
import { SecretInput } from '../parts/SecretInput'
import { visible } from '../parts/visible'
import { useText } from '../text'
import { Sheet } from '../shell/Sheet'
import { useSession, type Profile } from '../shell/session'
import classes from './account.module.css'
import { PasskeyTrouble } from './PasskeyTrouble'
import { usePasskey } from './usePasskey'

/** Opens the account that this browser keeps: no server is asked. */
export function Unlock({ profile, why, onRestore }: { profile: Profile, why: 'asked' | 'idle' | null, onRestore: () => void }) {
  const t = useText().account
  const { opened, restart } = useSession()
  const [passphrase, setPassphrase] = useState('')
  const [forgetting, setForgetting] = useState(false)
  const byPassphrase = useAction('unlock')
  const passkey = usePasskey()
  const forget = useAction('logout')
  const hasPasskey = profile.passkeys.length > 0
  const opens = hasPasskey || profile.hasPassphrase
  const submit = async () => {
    const identity = await byPassphrase.run({ passphrase })
    if (identity) opened(identity)
    else setPassphrase('')
  }
  const withPasskey = async () => {
    const identity = await passkey.unlock()
    if (identity) opened(identity)
  }
  const below = (
    <>
      {opens && <Anchor component="button" type="button" onClick={onRestore}>{t.unlock.kit}</Anchor>}
      <Anchor component="button" type="button" onClick={() => { setForgetting(true) }}>{t.unlock.other}</Anchor>
    </>
  )
  return (
    <Sheet below={below}>
      <PageTitle title={t.unlock.title} text={<>{why === 'idle' && <><strong>{t.unlock.idle}</strong><br /></>}{t.unlock.text(visible(profile.mail))}</>} />
      {hasPasskey && (
        <Stack>
          <PasskeyTrouble problem={passkey.problem} />
          <Button leftSection={<IconFingerprint size={20} aria-hidden />} onClick={() => { void withPasskey() }} loading={passkey.running} autoFocus>{t.unlock.passkey}</Button>
        </Stack>
      )}
      {hasPasskey && profile.hasPassphrase && <p className={classes.or}>{t.unlock.or}</p>}
      {profile.hasPassphrase && (
        <form onSubmit={event => { event.preventDefault(); if (passphrase) void submit() }} noValidate>
          <Stack>
            <input type="text" name="username" autoComplete="username" value={profile.mail} readOnly hidden />
            <SecretInput label={t.passphrase.label} value={passphrase} onChange={setPassphrase} autoComplete="current-password" autoFocus={!hasPasskey} />
            {byPassphrase.failure && <Failure error={byPassphrase.failure} />}
            <Button type="submit" variant={hasPasskey ? 'default' : 'filled'} loading={byPassphrase.running}>{t.unlock.passphrase}</Button>
          </Stack>
        </form>
      )}
      {!opens && <Stack><p className={classes.note}>{t.unlock.nothing}</p><Button onClick={onRestore}>{t.restore.title}</Button></Stack>}
      <Confirm
        opened={forgetting} title={t.forget.title} action={t.forget.action} dangerous running={forget.running} failure={forget.failure}
        onClose={() => { setForgetting(false) }}
        onConfirm={() => { void forget.run({ everywhere: false, forget: true }).then(done => { if (done) restart() }) }}
      >
        <p className={classes.note}>{t.forget.text}</p>
      </Confirm>
    </Sheet>
  )
}
