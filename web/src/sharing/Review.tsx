import { Button, Group } from '@mantine/core'
import { useRef, useState } from 'react'
import { SharingBlocked, useSharingBlocked } from '../alarms/SharingBlocked'
import type { AnswerOf, Contact, Proposal } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Fingerprint } from '../parts/Fingerprint'
import { IconAlertTriangle, IconShieldCheck } from '../parts/icons'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import { addressOf, Sentence, SentenceText } from './Sentence'
import classes from './sharing.module.css'

interface Props {
  proposal: Proposal
  /** `request.approve` answers somebody's request. */
  operation: 'share.confirm' | 'request.approve'
  action: string
  working: string
  onBack: () => void
  onDone: (answer: AnswerOf<'share.confirm'>) => void
}

/** The last look before something is shared: the sentence, and whose keys these are. */
export function Review({ proposal, operation, action, working, onBack, onDone }: Props) {
  const { sharing: t } = useText()
  const format = useFormat()
  const [to, setTo] = useState(proposal.to)
  const confirm = useAction(operation)
  const now = useRef(new Date()).current
  const { role } = proposal
  const blocked = useSharingBlocked()
  return (
    <Panel title={t.review}>
      <SentenceText>
        <Sentence text={role === null ? t.depositSentence : t.sentence} said={{ ...proposal, mail: to.mail, organisation: to.organisation }} now={now} />
      </SentenceText>
      {proposal.askedAt && <p className={classes.hint}>{t.askedAt(format.time(proposal.askedAt))}</p>}
      <WhoseKeys contact={to} onCompared={setTo} />
      {confirm.running && <ProgressLine label={working} part={null} />}
      {confirm.failure && <Failure error={confirm.failure} />}
      <SharingBlocked />
      <Group mt="lg">
        <Button disabled={blocked} loading={confirm.running} onClick={() => { void confirm.run({ proposal: proposal.proposal }).then(answer => { if (answer) onDone(answer) }) }}>{action}</Button>
        <Button variant="default" onClick={onBack} disabled={confirm.running}>{t.change}</Button>
      </Group>
    </Panel>
  )
}

/** The fingerprint of a contact, and whether it was compared. */
export function WhoseKeys({ contact, onCompared }: { contact: Contact, onCompared: (contact: Contact) => void }) {
  const { requests, sharing: t } = useText()
  const compare = useAction('contacts.confirm')
  const name = visible(contact.organisation ?? addressOf(contact.mail, requests))
  return (
    <div className={classes.keys} data-verified={contact.verified || undefined}>
      <p className={classes.verified}>
        {contact.verified ? <IconShieldCheck size={20} aria-hidden /> : <IconAlertTriangle size={20} aria-hidden />}
        <strong>{contact.verified ? t.verified : t.notVerified}</strong>
      </p>
      {!contact.verified && <p className={classes.why}>{t.notVerifiedWhy}</p>}
      {contact.organisation && <p className={classes.why}>{t.organisationNamed(name)}</p>}
      <Fingerprint fingerprint={contact.fingerprint} label={t.fingerprintOf(name)} />
      {!contact.verified && contact.mail.includes('@') && (
        <Button
          variant="default" size="sm" loading={compare.running}
          onClick={() => { void compare.run({ mail: contact.mail, fingerprint: contact.fingerprint }).then(compared => { if (compared) onCompared(compared) }) }}
        >{t.compared}</Button>
      )}
      {compare.failure && <Failure error={compare.failure} />}
    </div>
  )
}
