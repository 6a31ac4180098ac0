import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { Failure } from '../parts/Failure'
import { Panel } from '../parts/Panel'
import { useSession } from '../shell/session'
import { useText } from '../text'
import classes from './settings.module.css'

/** Out of this session, of all, or out of this browser. */
export function LeavePanel() {
  const { settings: { leave: t }, account: { forget: f } } = useText()
  const { restart } = useSession()
  const [asking, setAsking] = useState<'everywhere' | 'forget' | null>(null)
  const { run, running, failure, clear } = useAction('logout')
  const leave = (everywhere: boolean, forget: boolean) => { void run({ everywhere, forget }).then(done => { if (done) restart() }) }
  const ask = (what: 'everywhere' | 'forget') => {
    clear()
    setAsking(what)
  }
  return (
    <Panel title={t.title} text={t.text}>
      {failure && asking === null && <Failure error={failure} />}
      <Group>
        <Button variant="light" loading={running && asking === null} onClick={() => { leave(false, false) }}>{t.logout}</Button>
        <Button variant="default" onClick={() => { ask('everywhere') }}>{t.everywhere}</Button>
        <Button variant="subtle" color="red" onClick={() => { ask('forget') }}>{t.forget}</Button>
      </Group>
      <Confirm
        opened={asking !== null} title={asking === 'forget' ? f.title : t.everywhereTitle} action={asking === 'forget' ? f.action : t.everywhere} dangerous
        running={running} failure={failure} onClose={() => { setAsking(null) }} onConfirm={() => { leave(asking === 'everywhere', asking === 'forget') }}
      >
        <p className={classes.note}>{asking === 'forget' ? f.text : t.everywhereText}</p>
      </Confirm>
    </Panel>
  )
}
