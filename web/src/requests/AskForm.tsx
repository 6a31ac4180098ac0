import { Button, Group, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { AnswerOf, Role } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Panel } from '../parts/Panel'
import { roles } from '../sharing/roles'
import { useFormat, useText } from '../text'
import { askingArguments, faultsOf, type Asking } from './asking'
import classes from './requests.module.css'

/** Asks whoever has a telephone number and findable records with all of the keywords. */
export function AskForm({ onClose, onSent }: { onClose: () => void, onSent: () => void }) {
  const { common, requests: t } = useText()
  const format = useFormat()
  const send = useAction('request.send')
  const [asking, setAsking] = useState<Asking>({ phone: '', keywords: '', reason: '', role: 'doctor' })
  const [tried, setTried] = useState(false)
  const [sent, setSent] = useState<AnswerOf<'request.send'> | null>(null)
  const faults = tried ? faultsOf(asking) : {}
  const error = (part: keyof typeof faults) => { const fault = faults[part]; return fault ? t.faults[fault] : null }
  const change = (over: Partial<Asking>) => { setAsking({ ...asking, ...over }) }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faultsOf(asking)).length === 0)
      void send.run(askingArguments(asking)).then(answer => {
        setSent(answer)
        if (answer) onSent()
      })
  }
  if (sent)
    return (
      <Panel title={t.askTitle}>
        <div role="status"><p><strong>{t.sent(sent.found, format.number(sent.found))}</strong></p><p>{t.sentWhat(format.time(sent.expires))}</p></div>
        <Button variant="default" onClick={onClose}>{common.close}</Button>
      </Panel>
    )
  return (
    <Panel title={t.askTitle} text={t.askWhat}>
      <form onSubmit={submit} noValidate className={classes.ask} autoComplete="off">
        <TextInput
          type="tel" label={t.phone} placeholder={t.phonePlaceholder} value={asking.phone} error={error('phone')} autoComplete="off"
          onChange={event => { change({ phone: event.currentTarget.value }) }}
        />
        <TextInput label={t.keywordsLabel} description={t.keywordsHint} value={asking.keywords} error={error('keywords')} onChange={event => { change({ keywords: event.currentTarget.value }) }} />
        <NativeSelect
          label={t.roleLabel} value={asking.role} data={roles.map(role => ({ value: role, label: common.roles[role] }))} onChange={event => { change({ role: event.currentTarget.value as Role }) }}
        />
        <Textarea label={t.reasonLabel} description={t.reasonHint} rows={3} value={asking.reason} error={error('reason')} onChange={event => { change({ reason: event.currentTarget.value }) }} />
        {send.failure && <Failure error={send.failure} />}
        <Group>
          <Button type="submit" loading={send.running}>{t.send}</Button>
          <Button variant="default" onClick={onClose}>{common.cancel}</Button>
        </Group>
        <div role="status">{send.running ? t.sending : ''}</div>
      </form>
    </Panel>
  )
}
