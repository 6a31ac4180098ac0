import { Button, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import classes from './account.module.css'
import { deviceName } from './device'
import { NewPassphrase } from './NewPassphrase'
import { PasskeyTrouble } from './PasskeyTrouble'
import { usePasskey } from './usePasskey'

/** The account exists and nothing opens it yet: a passkey, and if that does not work, a passphrase. */
export function FirstPasskey({ mail, onDone }: { mail: string, onDone: () => void }) {
  const t = useText().account
  const [instead, setInstead] = useState(false)
  const { add, running, problem } = usePasskey()
  const passphrase = useAction('passphrase.set')
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent) => { event.preventDefault() }
    window.addEventListener('beforeunload', hold)
    return () => { window.removeEventListener('beforeunload', hold) }
  }, [])
  const make = async () => { if (await add(deviceName(navigator.userAgent))) onDone() }
  const take = async (chosen: string) => { if (await passphrase.run({ passphrase: chosen })) onDone() }
  if (instead)
    return (
      <div key="passphrase">
        <PageTitle title={t.passphrase.title} text={t.passphrase.text} />
        <NewPassphrase action={t.passkey.takePassphrase} running={passphrase.running} mail={mail} onChosen={chosen => { void take(chosen) }}>
          {passphrase.failure && <Failure error={passphrase.failure} />}
        </NewPassphrase>
      </div>
    )
  return (
    <div key="passkey">
      <PageTitle title={t.passkey.title} text={t.passkey.text} />
      <Stack>
        <PasskeyTrouble problem={problem} />
        <Button onClick={() => { void make() }} loading={running} data-autofocus>{t.passkey.make}</Button>
        <Button variant="default" onClick={() => { setInstead(true) }} disabled={running}>{t.passkey.instead}</Button>
        <p className={classes.note}>{t.passkey.leave}</p>
      </Stack>
    </div>
  )
}
