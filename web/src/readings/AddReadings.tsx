import { Button, FileButton, Group, NativeSelect, TextInput } from '@mantine/core'
import { useRef, useState, type FormEvent } from 'react'
import type { AnswerOf } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import { useResearchText } from '../text/research'
import { emptyDraft, faultsOf, kinds, type Draft } from './kinds'
import classes from './readings.module.css'

const count = ({ series }: AnswerOf<'readings.add'>, what: 'added' | 'known'): number => series.reduce((sum, one) => sum + one[what], 0)

/** Reads a file in this browser and hands shares of its values to the servers. */
export function AddReadings({ onClose, onAdded }: { onClose: () => void, onAdded: () => void }) {
  const { common } = useText()
  const { readings: t } = useResearchText()
  const format = useFormat()
  const add = useAction('readings.add')
  const [draft, setDraft] = useState<Draft>(emptyDraft)
  const [tried, setTried] = useState(false)
  const [part, setPart] = useState<number | null>(null)
  const [added, setAdded] = useState<AnswerOf<'readings.add'> | null>(null)
  const stop = useRef<AbortController | null>(null)
  const faults = tried ? faultsOf(draft) : {}
  const change = (over: Partial<Draft>) => { setDraft({ ...draft, ...over }) }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!draft.file || Object.keys(faultsOf(draft)).length > 0) return
    const known = kinds.find(kind => kind.code === draft.kind)
    stop.current = new AbortController()
    setPart(null)
    setAdded(null)
    void add.run(
      known ? { file: draft.file, name: known.name, code: known.code } : { file: draft.file, name: draft.name.trim(), unit: draft.unit.trim(), decimals: Number(draft.decimals) },
      { signal: stop.current.signal, onReport: ({ done, total }) => { setPart(total > 0 ? done / total : null) } },
    ).then(answer => {
      if (!answer) return
      setAdded(answer)
      setDraft(emptyDraft)
      setTried(false)
      onAdded()
    })
  }
  return (
    <Panel title={t.importTitle} text={t.importText}>
      <form onSubmit={submit} noValidate className={classes.form} autoComplete="off">
        <div className={classes.file}>
          <FileButton accept=".csv,.json,.ndjson,text/csv,application/json" onChange={file => { change({ file }) }} inputProps={{ 'aria-label': t.choose }}>
            {props => <Button variant="default" {...props}>{t.choose}</Button>}
          </FileButton>
          <span role="status">{draft.file ? t.chosen(visible(draft.file.name), format.bytes(draft.file.size)) : ''}</span>
          {faults.file && <p className={classes.fault} role="alert">{t.faults.file}</p>}
        </div>
        <NativeSelect label={t.into} value={draft.kind} onChange={event => { change({ kind: event.currentTarget.value }) }}
          data={[...kinds.map(({ code }) => ({ value: code, label: t.kinds[code]! })), { value: '', label: t.intoNew }]} />
        {draft.kind === '' && (
          <>
            <TextInput label={t.name} description={t.nameHint} value={draft.name} error={faults.name && t.faults.name} onChange={event => { change({ name: event.currentTarget.value }) }} />
            <div className={classes.pair}>
              <TextInput label={t.unit} description={t.unitHint} value={draft.unit} error={faults.unit && t.faults.unit} onChange={event => { change({ unit: event.currentTarget.value }) }} />
              <TextInput label={t.decimals} inputMode="numeric" value={draft.decimals} error={faults.decimals && t.faults.decimals}
                onChange={event => { change({ decimals: event.currentTarget.value }) }} />
            </div>
          </>
        )}
        {add.running && <ProgressLine label={t.adding} part={part} onCancel={() => { stop.current?.abort() }} />}
        {add.failure && <Failure error={add.failure} />}
        <div role="status">
          {added && (
            <>
              <p className={classes.done}>{t.added(count(added, 'added'), format.number(count(added, 'added')))}</p>
              {count(added, 'known') > 0 && <p className={classes.plain}>{t.known(count(added, 'known'), format.number(count(added, 'known')))}</p>}
              {added.missing.length > 0 && <p className={classes.plain}>{(added.stored ? t.missing : t.notStored)(format.list(added.missing.map(visible)))}</p>}
            </>
          )}
        </div>
        <Group>
          <Button type="submit" loading={add.running}>{t.start}</Button>
          <Button variant="default" onClick={onClose} disabled={add.running}>{common.close}</Button>
        </Group>
      </form>
    </Panel>
  )
}
