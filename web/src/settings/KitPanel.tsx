import { Button } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { Panel } from '../parts/Panel'
import { useText } from '../text'
import classes from './settings.module.css'

/** Makes a new recovery kit; the screen shows it, once, and puts it into force when it is on paper. */
export function KitPanel({ renewed, onRenewed }: { renewed: boolean, onRenewed: (kit: string) => void }) {
  const { settings: { kit: t } } = useText()
  const [asking, setAsking] = useState(false)
  const { run, running, failure } = useAction('recovery.renew')
  return (
    <Panel title={t.title} text={t.text}>
      <div role="status">{renewed && <p className={classes.done}>{t.done}</p>}</div>
      <Button variant="light" onClick={() => { setAsking(true) }}>{t.renew}</Button>
      <Confirm
        opened={asking} title={t.renewTitle} action={t.renew} running={running} failure={failure} onClose={() => { setAsking(false) }}
        onConfirm={() => { void run({}).then(made => { if (made) onRenewed(made.kit) }) }}
      >
        <p className={classes.note}>{t.renewText}</p>
      </Confirm>
    </Panel>
  )
}
