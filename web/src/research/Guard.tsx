import { Anchor, Button } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { AnswerOf } from '../core/api'
import type { CohortReport, Study } from '../core/research'
import { useAction } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { Failure } from '../parts/Failure'
import { IconAlertTriangle, IconShieldCheck } from '../parts/icons'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { Notes } from '../search/Notes'
import { useAddressOf } from '../studies/Party'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import { refusalOf } from './gate'
import { GateTable } from './GateTable'
import classes from './research.module.css'

/** The custodian's side: opens contributions on this device, sees whether a release would pass, releases. */
export function Guard({ study }: { study: Study }) {
  const { research: t } = useResearchText()
  const format = useFormat()
  const check = useAction('study.cohort')
  const [report, setReport] = useState<CohortReport | null>(null)
  const start = () => { void check.run({ study: study.study }).then(found => { if (found) setReport(found) }) }
  const counted = (label: string, count: number) => <div><dt>{label}</dt><dd>{format.number(count)}</dd></div>
  return (
    <>
      <Panel title={t.guard} text={t.guardText}>
        {report && (
          <dl className={classes.figures}>
            {counted(t.participants, report.participants)}
            {counted(t.withdrawn, report.withdrawn)}
            {counted(t.refused, report.refused + report.unreadable)}
          </dl>
        )}
        {check.running && <ProgressLine label={t.checking} part={null} />}
        {check.failure && <Failure error={check.failure} onRetry={start} />}
        {!check.running && <Button variant={report ? 'default' : 'filled'} onClick={start}>{report ? t.checkAgain : t.check}</Button>}
      </Panel>
      {report && <Verdict key={report.weighed} study={study} report={report} />}
    </>
  )
}

/** What the gate says, and the release. */
function Verdict({ study, report }: { study: Study, report: CohortReport }) {
  const { research: t } = useResearchText()
  const format = useFormat()
  const addressOf = useAddressOf()
  const release = useAction('study.release')
  const [asking, setAsking] = useState(false)
  const [part, setPart] = useState<number | null>(null)
  const [released, setReleased] = useState<AnswerOf<'study.release'> | null>(null)
  const refusal = refusalOf(report, study.release)
  const run = () => {
    void release.run({ weighed: report.weighed }, { onReport: ({ done, total }) => { setPart(total > 0 ? done / total : null) } }).then(done => {
      if (!done) return
      setAsking(false)
      setReleased(done)
    })
  }
  return (
    <Panel title={t.gate}>
      <div className={classes.verdict} data-good={refusal === null || undefined} role="status">
        {refusal === null ? <IconShieldCheck size={22} aria-hidden /> : <IconAlertTriangle size={22} aria-hidden />}
        <div><p><strong>{refusal === null ? t.passes : t.fails}</strong></p>{refusal && <p>{t.refusals[refusal]}</p>}</div>
      </div>
      {report.before && <GateTable report={report} rules={study.release} />}
      {released ? (
        <div role="status">
          <p className={classes.big}>{t.done}</p>
          <p className={classes.text}>{t.doneText(released.rows, format.number(released.rows))}</p>
          <p className={classes.text}><Anchor component={Link} href={`/record/${released.record}`}>{t.toRecord}</Anchor></p>
          <Notes title={t.notes} notes={released.complaints} />
        </div>
      ) : refusal === null && <p><Button onClick={() => { setAsking(true) }}>{t.release}</Button></p>}
      <Confirm opened={asking} title={t.releaseTitle} action={t.release} running={release.running} failure={release.failure} onClose={() => { setAsking(false) }} onConfirm={run}>
        <p className={classes.text}>{t.releaseText(visible(study.researcher.organisation ?? addressOf(study.researcher)))}</p>
        {!study.researcher.verified && <p className={classes.text}>{t.notCompared}</p>}
        {release.running && <ProgressLine label={t.releasing} part={part} />}
      </Confirm>
    </Panel>
  )
}
