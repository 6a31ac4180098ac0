import { Button } from '@mantine/core'
import { useState } from 'react'
import { NewPassphrase } from '../account/NewPassphrase'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Panel } from '../parts/Panel'
import { useText } from '../text'
import classes from './settings.module.css'

/** Another passphrase, or a first one beside passkeys. */
export function PassphrasePanel({ mail }: { mail: string }) {
  const { settings: { passphrase: t } } = useText()
  const [open, setOpen] = useState(false)
  const [done, setDone] = useState(false)
  const { run, running, failure } = useAction('passphrase.set')
  const save = async (passphrase: string) => {
    if (!await run({ passphrase })) return
    setOpen(false)
    setDone(true)
  }
  return (
    <Panel title={t.title} text={t.text}>
      <div role="status">{done && <p className={classes.done}>{t.done}</p>}</div>
      {open
        ? <div className={classes.narrow}>
            <NewPassphrase action={t.action} running={running} mail={mail} onChosen={passphrase => { void save(passphrase) }}>{failure && <Failure error={failure} />}</NewPassphrase>
          </div>
        : <Button variant="light" onClick={() => { setOpen(true); setDone(false) }}>{t.change}</Button>}
    </Panel>
  )
}
