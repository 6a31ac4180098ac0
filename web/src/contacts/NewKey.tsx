import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Contact } from '../core/api'
import { useAction, useOperation } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Fingerprint } from '../parts/Fingerprint'
import { Loading } from '../parts/Loading'
import { PersonName } from '../parts/PersonName'
import { useText } from '../text'
import classes from './contacts.module.css'

interface Props {
  mail: string
  /** What was known until now. */
  before: Contact | null
  onClose: () => void
  onDone: () => void
}

/** The cloud shows other keys for somebody: nothing is taken before the person has read the digits. */
export function NewKey({ mail, before, onClose, onDone }: Props) {
  const { contacts: t } = useText()
  const loaded = useOperation('contacts.newKey', { mail })
  const accept = useAction('contacts.acceptNewKey')
  const [asked, setAsked] = useState(false)
  return (
    <Stack gap="lg">
      <p className={classes.differ}>{t.changedText}</p>
      {loaded.state === 'failed' && <Failure error={loaded.failure} onRetry={loaded.reload} />}
      {loaded.state === 'loading' && <Loading />}
      {loaded.data && (
        <>
          {before && <Fingerprint fingerprint={before.fingerprint} label={t.before} />}
          <PersonName mail={loaded.data.mail} organisation={loaded.data.organisation} />
          <Fingerprint fingerprint={loaded.data.fingerprint} label={t.now} withQr />
          <p className={classes.note}>{t.how}</p>
          <Checkbox checked={asked} onChange={event => { setAsked(event.currentTarget.checked) }} label={t.asked} />
        </>
      )}
      {accept.failure && <Failure error={accept.failure} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>{t.keep}</Button>
        <Button
          color="red" disabled={!asked || !loaded.data} loading={accept.running}
          onClick={() => { void accept.run({ mail, fingerprint: loaded.data!.fingerprint }).then(done => { if (done) onDone() }) }}
        >
          {t.accept}
        </Button>
      </Group>
    </Stack>
  )
}
