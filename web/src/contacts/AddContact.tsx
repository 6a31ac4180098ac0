import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Contact } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Panel } from '../parts/Panel'
import { useText } from '../text'
import classes from './contacts.module.css'

interface Props {
  onFound: (contact: Contact) => void
  /** The cloud shows other keys than are pinned. */
  onChanged: (mail: string) => void
}

/** Looks somebody up; whoever is new is remembered at once, and compared when it suits. */
export function AddContact({ onFound, onChanged }: Props) {
  const { contacts: t, common } = useText()
  const [mail, setMail] = useState('')
  const { run, running, failure } = useAction('contacts.resolve')
  const find = async () => {
    const contact = await run({ mail: mail.trim() })
    if (!contact) return
    setMail('')
    onFound(contact)
  }
  return (
    <Panel title={t.add}>
      <Stack>
        <form className={classes.add} onSubmit={event => { event.preventDefault(); if (mail.trim()) void find() }} noValidate>
          <TextInput label={common.mail} type="email" inputMode="email" autoComplete="off" value={mail} onChange={event => { setMail(event.currentTarget.value) }} />
          <Button type="submit" loading={running}>{t.addAction}</Button>
        </form>
        {failure && <Failure error={failure} />}
        {failure?.error.kind === 'alarm' && failure.error.code === 'KeyChanged' && <Button variant="default" onClick={() => { onChanged(mail.trim()) }}>{t.changed}</Button>}
      </Stack>
    </Panel>
  )
}
