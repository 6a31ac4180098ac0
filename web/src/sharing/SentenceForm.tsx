import { Button } from '@mantine/core'
import { useId, useState, type FormEvent, type ReactNode } from 'react'
import type { PartitionName } from '../core/api'
import { useOperation } from '../core/useCore'
import { visible } from '../parts/visible'
import { useText } from '../text'
import { Filled } from '../text/Filled'
import { localDay } from './days'
import { faultsOf, withRole, type Draft } from './draft'
import { PartitionPicker } from './PartitionPicker'
import { purposes, roles, untilOf, usualPartitions } from './roles'
import classes from './sharing.module.css'

interface Props {
  draft: Draft
  onChange: (draft: Draft) => void
  onDone: (draft: Draft) => void
  running: boolean
  /** What stands firm: of a request, who asks and as whom. */
  fixed?: { person: ReactNode, role: ReactNode }
  /** The sentence, with slots. */
  text: string
}

/** A permission as a sentence that is filled in: each of its parts is a control. */
export function SentenceForm({ draft, onChange, onDone, running, fixed, text }: Props) {
  const { common, sharing: t } = useText()
  const contacts = useOperation('contacts.list', {})
  const records = useOperation('list', {})
  const [tried, setTried] = useState(false)
  const id = useId()
  const now = new Date()
  const faults = tried ? faultsHere(draft, now) : {}
  const own = new Set<PartitionName>([...usualPartitions, ...(records.data?.records.map(record => record.partition) ?? [])])
  const change = (over: Partial<Draft>) => { onChange({ ...draft, ...over }) }
  const invalid = (part: keyof typeof faults) => (faults[part] ? `${id}-${part}` : undefined)
  const marks = (part: keyof typeof faults) => ({ 'aria-invalid': faults[part] ? true : undefined, 'aria-describedby': invalid(part) })

  function faultsHere(filled: Draft, at: Date): ReturnType<typeof faultsOf> {
    const { to, ...others } = faultsOf(filled, at)
    return fixed || !to ? others : { to, ...others }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(faultsHere(draft, now)).length === 0) onDone(draft)
  }
  return (
    <form onSubmit={submit} noValidate>
      <div className={classes.sentence}>
        <Filled
          text={text}
          parts={{
            person: fixed?.person ?? (
              <>
                <input
                  className={classes.slot} type="email" size={24} list={`${id}-contacts`} aria-label={t.fields.person} placeholder={t.personPlaceholder} value={draft.to} autoComplete="off"
                  onChange={event => { change({ to: event.currentTarget.value }) }} {...marks('to')}
                />
                <datalist id={`${id}-contacts`}>
                  {contacts.data?.map(contact => <option key={contact.account} value={contact.mail}>{visible(contact.organisation ?? contact.mail)}</option>)}
                </datalist>
              </>
            ),
            role: fixed?.role ?? <Choice label={t.fields.role} value={draft.role} of={roles} shown={role => common.roles[role]} onChoose={role => { onChange(withRole(draft, role, now)) }} />,
            partitions: <PartitionPicker label={t.fields.partitions} all={[...own]} chosen={draft.partitions} onChoose={partitions => { change({ partitions }) }} invalid={invalid('partitions')} />,
            from: (
              <>
                <Choice
                  label={t.fields.from} value={draft.from === null ? 'now' : 'day'} of={['now', 'day'] as const} shown={choice => (choice === 'now' ? t.fromNow : t.fromDayChoice)}
                  onChoose={choice => { change({ from: choice === 'now' ? null : localDay(now) }) }}
                />
                {' '}
                {draft.from !== null && (
                  <input
                    className={classes.slot} type="date" aria-label={t.fields.fromDate} value={draft.from} onChange={event => { change({ from: event.currentTarget.value }) }} {...marks('from')}
                  />
                )}
              </>
            ),
            until: (
              <>
                <Choice
                  label={t.fields.until} value={draft.until === null ? 'never' : 'day'} of={['day', 'never'] as const} shown={choice => (choice === 'never' ? t.untilNoEnd : t.untilDayChoice)}
                  onChoose={choice => { change({ until: choice === 'never' ? null : untilOf('doctor', now) }) }}
                />
                {' '}
                {draft.until !== null && (
                  <input
                    className={classes.slot} type="date" aria-label={t.fields.untilDate} title={t.fields.untilDate} value={draft.until} min={localDay(now)}
                    onChange={event => { change({ until: event.currentTarget.value }) }} {...marks('until')}
                  />
                )}
              </>
            ),
            purpose: <Choice label={t.fields.purpose} value={draft.purpose} of={purposes} shown={purpose => t.purposes[purpose]} onChoose={purpose => { change({ purpose }) }} />,
            history: (
              <Choice
                label={t.fields.history} value={draft.onlyNew ? 'new' : 'whole'} of={['whole', 'new'] as const} shown={choice => (choice === 'new' ? t.historyNew : t.historyWhole)}
                onChoose={choice => { change({ onlyNew: choice === 'new' }) }}
              />
            ),
          }}
        />
      </div>
      {draft.onlyNew && <p className={classes.hint}>{t.historyNewHint}</p>}
      <div className={classes.faults} role="alert">
        {Object.entries(faults).map(([part, fault]) => <p key={part} id={`${id}-${part}`}>{t.faults[fault]}</p>)}
      </div>
      <Button type="submit" loading={running}>{t.continue}</Button>
    </form>
  )
}

interface ChoiceProps<T extends string> { label: string, value: T, of: readonly T[], shown: (value: T) => string, onChoose: (value: T) => void }

function Choice<T extends string>({ label, value, of, shown, onChoose }: ChoiceProps<T>) {
  return (
    <select className={classes.slot} aria-label={label} value={value} onChange={event => { onChoose(event.currentTarget.value as T) }}>
      {of.map(option => <option key={option} value={option}>{shown(option)}</option>)}
    </select>
  )
}
