import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Findable } from '../core/api'
import { useAction, useOperation } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { Loading } from '../parts/Loading'
import { Panel } from '../parts/Panel'
import { useText } from '../text'
import classes from './settings.module.css'

/** The telephone number by which a doctor may find out whether there is something to ask for. */
export function PhonePanel() {
  const { settings: { phone: t } } = useText()
  const { data, reload, ...loaded } = useOperation('phone.get', {})
  const [newer, setNewer] = useState<Findable | null>(null)
  const [open, setOpen] = useState(false)
  const [removing, setRemoving] = useState(false)
  const remove = useAction('phone.remove')
  const now = newer ?? data
  return (
    <Panel title={t.title} text={t.text}>
      {loaded.state === 'failed' && <Failure error={loaded.failure} onRetry={reload} />}
      {!now && loaded.state === 'loading' && <Loading />}
      {now && (
        <Stack align="flex-start">
          {now.phone ? <Found now={now} /> : <p className={classes.note}>{t.none}</p>}
          {open
            ? <NumberForm onSet={found => { setNewer(found); setOpen(false) }} />
            : <Group>
                <Button variant="light" onClick={() => { setOpen(true) }}>{now.phone ? t.change : t.set}</Button>
                {now.phone && <Button variant="subtle" color="red" onClick={() => { remove.clear(); setRemoving(true) }}>{t.remove}</Button>}
              </Group>}
        </Stack>
      )}
      <Confirm
        opened={removing} title={t.removeTitle} action={t.remove} dangerous running={remove.running} failure={remove.failure} onClose={() => { setRemoving(false) }}
        onConfirm={() => { void remove.run({}).then(found => { if (found) { setNewer(found); setRemoving(false) } }) }}
      >
        <p className={classes.note}>{t.removeText}</p>
      </Confirm>
    </Panel>
  )
}

function Found({ now }: { now: Findable }) {
  const { settings: { phone: t } } = useText()
  return (
    <>
      <p className={classes.number}><bdi dir="ltr">{now.phone}</bdi></p>
      <p className={classes.note}>{t.found(now.records)} {now.keywords.length > 0 ? t.words : t.noWords}</p>
      {now.keywords.length > 0 && <ul className={classes.words}>{now.keywords.map(word => <li key={word}><Foreign text={word} /></li>)}</ul>}
    </>
  )
}

function NumberForm({ onSet }: { onSet: (found: Findable) => void }) {
  const { settings: { phone: t } } = useText()
  const [number, setNumber] = useState('')
  const { run, running, failure } = useAction('phone.set')
  return (
    <form className={classes.narrow} noValidate onSubmit={event => { event.preventDefault(); if (number.trim()) void run({ phone: number.trim() }).then(found => { if (found) onSet(found) }) }}>
      <Stack>
        <TextInput label={t.number} description={t.numberText} type="tel" autoComplete="tel" value={number} autoFocus onChange={event => { setNumber(event.currentTarget.value) }} />
        {failure && <Failure error={failure} />}
        <Button type="submit" loading={running}>{t.set}</Button>
      </Stack>
    </form>
  )
}
