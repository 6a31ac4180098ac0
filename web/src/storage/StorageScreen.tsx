import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { AnswerOf, AuditReport } from '../core/api'
import { useAction, useOperation } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { IconDatabase } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { Notes } from '../search/Notes'
import { useSession } from '../shell/session'
import { useFormat, useText } from '../text'
import { probabilityText, worstOf } from './health'
import classes from './storage.module.css'
import { StoreCard } from './StoreCard'

/** How the stores keep the records: the last audit, store by store, and a new one. */
export default function StorageScreen() {
  const { storage: t } = useText()
  const { reloadAlarms } = useSession()
  const last = useOperation('storage.last', {})
  const audit = useAction('storage.audit')
  const [part, setPart] = useState<number | null>(null)
  const [stop, setStop] = useState<AbortController | null>(null)
  const [repaired, setRepaired] = useState<AnswerOf<'storage.repair'> | null>(null)
  const check = async (all: boolean) => {
    setRepaired(null)
    await ask(all)
  }
  const ask = async (all: boolean) => {
    const abort = new AbortController()
    setStop(abort)
    setPart(null)
    await audit.run({ all }, { signal: abort.signal, onReport: ({ done, total }) => { setPart(total > 0 ? done / total : null) } })
    setStop(null)
    last.reload()
    reloadAlarms()
  }
  const report = last.data?.report ?? null
  return (
    <>
      <PageTitle title={t.title} text={t.text}>
        <Button disabled={audit.running} onClick={() => { void check(false) }}>{t.check}</Button>
      </PageTitle>
      {audit.running && <ProgressLine label={t.checking} part={part} onCancel={() => { stop?.abort() }} />}
      {audit.failure && <Failure error={audit.failure} />}
      {last.state === 'failed' && <Failure error={last.failure} onRetry={last.reload} />}
      {last.state === 'loading' && !last.data && <Loading />}
      {last.data && !report && !audit.running && <EmptyState icon={<IconDatabase size={40} />} title={t.never} text={t.neverText} />}
      {report && <Report report={report} />}
      {report && worstOf(report) === 'failing' && (
        <Repair
          disabled={audit.running}
          onDone={result => {
            setRepaired(result)
            void ask(false)
          }}
        />
      )}
      {repaired && <p role="status">{t.repaired(repaired.repaired, repaired.waiting.length + repaired.lost.length)}</p>}
      {repaired?.lost.map(({ record, name }) => (
        <p key={record} role="alert" className={classes.lost}>{t.lost} <Link href={`/record/${record}`}><Foreign text={name} /></Link></p>
      ))}
      {repaired && <Notes title={t.unrepaired} notes={[...repaired.waiting, ...repaired.skipped]} />}
      {last.data && (
        <Group mt="lg" className={classes.all}>
          <Button variant="default" disabled={audit.running} onClick={() => { void check(true) }}>{t.checkAll}</Button>
          <span>{t.checkAllText}</span>
        </Group>
      )}
    </>
  )
}

/** Lost pieces are made again by the stores; afterwards they are asked once more. */
function Repair({ onDone, disabled }: { onDone: (result: AnswerOf<'storage.repair'>) => void, disabled: boolean }) {
  const { storage: t } = useText()
  const { run, running, failure } = useAction('storage.repair')
  const repair = async () => {
    const answer = await run({})
    if (answer) onDone(answer)
  }
  return (
    <div>
      {running ? <ProgressLine label={t.repairing} part={null} /> : <Button disabled={disabled} onClick={() => { void repair() }}>{t.repair}</Button>}
      {failure && <Failure error={failure} />}
    </div>
  )
}

function Report({ report }: { report: AuditReport }) {
  const { storage: t } = useText()
  const format = useFormat()
  const state = worstOf(report)
  const found = report.findings.map(finding => `${finding.store}: ${finding.what}${finding.detail ? ` (${finding.detail})` : ''}`)
  return (
    <Panel title={t.last(format.time(report.at))}>
      <div className={classes.outcome} data-state={state} role="status">
        <p><strong>{t.all[state]}</strong> {t.allText[state]}</p>
        <p className={classes.probability}>{report.whole ? t.whole : t.probability(probabilityText(report.probability, format.locale))}</p>
      </div>
      <ul className={classes.cards}>{report.stores.map(store => <StoreCard key={store.store} store={store} />)}</ul>
      <Notes title={t.findings} notes={found} />
      <Notes title={t.skipped} notes={report.skipped} />
    </Panel>
  )
}
