import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { Contact } from '../core/api'
import { useOperation } from '../core/useCore'
import { Dialog } from '../parts/Dialog'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconAddressBook, IconAlertOctagon } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { PersonName } from '../parts/PersonName'
import { visible } from '../parts/visible'
import { useSession } from '../shell/session'
import { useText } from '../text'
import { AddContact } from './AddContact'
import { isAlarmed } from './alarmed'
import { Compare } from './Compare'
import classes from './contacts.module.css'
import { NewKey } from './NewKey'

/** Whom this browser knows, and whether their fingerprint was compared with them. */
export default function ContactsScreen() {
  const { contacts: t } = useText()
  const { data, reload, ...loaded } = useOperation('contacts.list', {})
  const [comparing, setComparing] = useState<Contact | null>(null)
  const [changed, setChanged] = useState<string | null>(null)
  const { alarms } = useSession()
  const done = () => {
    setComparing(null)
    setChanged(null)
    reload()
  }
  const nameOf = (contact: Contact) => visible(contact.organisation ?? contact.mail)
  return (
    <>
      <PageTitle title={t.title} text={t.text} />
      <AddContact onFound={contact => { setComparing(contact); reload() }} onChanged={setChanged} />
      {loaded.state === 'failed' && <Failure error={loaded.failure} onRetry={reload} />}
      {!data && loaded.state === 'loading' && <Loading />}
      {data?.length === 0 && <EmptyState icon={<IconAddressBook size={40} />} title={t.none} text={t.noneText} />}
      {data && data.length > 0 && (
        <Panel title={t.list}>
          <ul className={classes.list}>
            {data.map(contact => (
              <li key={contact.mail}>
                <PersonName mail={contact.mail} organisation={contact.organisation} verified={contact.verified} />
                <Group gap="sm">
                  {isAlarmed(contact.mail, alarms) && (
                    <Button color="red" size="sm" variant="light" leftSection={<IconAlertOctagon size={18} aria-hidden />} onClick={() => { setChanged(contact.mail) }}>{t.changed}</Button>
                  )}
                  <Button
                    variant={contact.verified ? 'subtle' : 'light'} size="sm" onClick={() => { setComparing(contact) }}
                    aria-label={contact.verified ? t.fingerprintOf(nameOf(contact)) : t.compareOf(nameOf(contact))}
                  >
                    {contact.verified ? t.look : t.compare}
                  </Button>
                </Group>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Dialog subject={comparing} title={contact => t.fingerprintOf(nameOf(contact))} onClose={() => { setComparing(null) }}>
        {contact => <Compare contact={contact} onDone={done} onChanged={mail => { setComparing(null); setChanged(mail) }} />}
      </Dialog>
      <Dialog subject={changed} title={mail => t.changedTitle(visible(mail))} onClose={() => { setChanged(null) }}>
        {mail => <NewKey mail={mail} before={data?.find(contact => contact.mail === mail) ?? null} onClose={() => { setChanged(null) }} onDone={done} />}
      </Dialog>
    </>
  )
}
