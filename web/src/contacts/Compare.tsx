import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Contact } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Fingerprint } from '../parts/Fingerprint'
import { PersonName } from '../parts/PersonName'
import { visible } from '../parts/visible'
import { useText } from '../text'
import classes from './contacts.module.css'

interface Props {
  contact: Contact
  /** The fingerprint was confirmed. */
  onDone: () => void
  onChanged: (mail: string) => void
}

/** A contact's fingerprint, to compare with them. */
export function Compare({ contact, onDone, onChanged }: Props) {
  const { contacts: t } = useText()
  const [differs, setDiffers] = useState(false)
  const confirm = useAction('contacts.confirm')
  const again = useAction('contacts.resolve')
  const [same, setSame] = useState(false)
  const name = visible(contact.organisation ?? contact.mail)
  const changed = again.failure?.error.kind === 'alarm' && again.failure.error.code === 'KeyChanged'
  return (
    <Stack gap="lg">
      <PersonName mail={contact.mail} organisation={contact.organisation} verified={contact.verified} />
      <Fingerprint fingerprint={contact.fingerprint} label={t.fingerprintOf(name)} withQr />
      <p className={classes.note}>{contact.verified ? t.verified : t.how}</p>
      {differs && <p className={classes.differ} role="alert">{t.differText}</p>}
      {(confirm.failure ?? again.failure) && <Failure error={(confirm.failure ?? again.failure)!} />}
      {same && <p role="status" className={classes.note}>{t.unchanged}</p>}
      <Group justify="flex-end">
        {changed
          ? <Button onClick={() => { onChanged(contact.mail) }}>{t.changed}</Button>
          : <Button variant="subtle" loading={again.running} onClick={() => { void again.run({ mail: contact.mail }).then(found => { setSame(found !== null) }) }}>{t.again}</Button>}
        {!contact.verified && <Button variant="default" onClick={() => { setDiffers(true) }}>{t.differ}</Button>}
        {!contact.verified && !differs && (
          <Button loading={confirm.running} onClick={() => { void confirm.run({ mail: contact.mail, fingerprint: contact.fingerprint }).then(done => { if (done) onDone() }) }}>{t.same}</Button>
        )}
      </Group>
    </Stack>
  )
}
