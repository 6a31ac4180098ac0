import { Anchor, Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { AccessHistory, LogEvidence } from '../core/api'
import { useOperation } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconAlertOctagon, IconEye, IconRefresh, IconShieldCheck } from '../parts/icons'
import { Foreign } from '../parts/Foreign'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { Notes } from '../search/Notes'
import { useSession } from '../shell/session'
import { useFormat, useText } from '../text'
import classes from './access.module.css'
import { AccessEntry } from './AccessEntry'
import { byDay, together } from './sentence'

/** Who opened what: as the trustees tell it at once, and then, when each entry was checked, as the log proves it. */
export default function AccessScreen() {
  const { access: t } = useText()
  const session = useRef(useSession())
  const told = useOperation('access.history', { verify: false })
  const proven = useOperation('access.history', { verify: true })
  const shown = proven.data ?? told.data
  // A trustee that has forgotten something is told of by whichever call counts first.
  const alarms = [...proven.data?.alarms ?? [], ...told.data?.alarms ?? []].filter((alarm, index, all) => all.findIndex(other => other.message === alarm.message) === index)
  const found = alarms.length
  const whole = shown?.whole === true && shown.complaints.length === 0 && found === 0
  const ended = proven.state !== 'loading'
  // What was found is kept by the core: the banner and the alarm centre show it.
  useEffect(() => { if (ended && found > 0) session.current.reloadAlarms() }, [ended, found])
  return (
    <>
      <PageTitle title={t.title} text={t.text}>
        <Button variant="default" disabled={proven.state === 'loading'} leftSection={<IconRefresh size={18} aria-hidden />} onClick={proven.reload}>{t.again}</Button>
      </PageTitle>
      {proven.state === 'failed' && <div className={classes.failure}><Failure error={proven.failure} onRetry={proven.reload} /></div>}
      {told.state === 'failed' && !shown && proven.state !== 'failed' && <Failure error={told.failure} onRetry={told.reload} />}
      {alarms.filter((alarm, index, all) => all.findIndex(other => other.kind === alarm.kind) === index).map(({ kind, message }) => (
        <div key={kind} className={classes.failure}><Failure error={{ kind: 'alarm', code: kind, message, party: null }} /></div>
      ))}
      {proven.state === 'loading' && <ProgressLine label={t.checking} part={null} />}
      {proven.data && <Outcome history={{ ...proven.data, alarms }} />}
      {ended && shown && shown.events.length > 0 && !proven.data?.evidence && <p className={classes.only}>{t.only}</p>}
      {shown ? <Events history={shown} whole={whole} verified={proven.state === 'done' && proven.data.whole && found === 0} /> : proven.state === 'loading' && <Loading />}
    </>
  )
}

function Outcome({ history }: { history: AccessHistory }) {
  const { access: t } = useText()
  const bad = history.alarms.length
  return (
    <section className={classes.outcome} data-bad={bad > 0 || !history.whole || undefined} aria-label={t.how}>
      <p className={classes.verdict} role="status">
        {bad > 0 || !history.whole ? <IconAlertOctagon size={24} aria-hidden /> : <IconShieldCheck size={24} aria-hidden />}
        <strong>{bad > 0 ? t.bad(bad) : !history.whole ? t.notWhole : history.events.length > 0 ? t.good(history.events.length) : t.goodNone}</strong>
        {bad > 0 && <Anchor component={Link} href="/alarms" underline="always">{t.toAlarms}</Anchor>}
      </p>
      {history.evidence && <Evidence evidence={history.evidence} />}
    </section>
  )
}

function Evidence({ evidence }: { evidence: LogEvidence }) {
  const { access: t } = useText()
  const format = useFormat()
  return (
    <details className={classes.proof}>
      <summary>{t.how}</summary>
      <p>{t.explain}</p>
      <dl>
        <dt>{t.size}</dt><dd>{format.number(evidence.size)}</dd>
        <dt>{t.cosigned}</dt><dd><Foreign text={format.list(evidence.cosignedBy)} /></dd>
        <dt>{t.cosignedAt}</dt><dd>{format.time(evidence.cosignedAt)}</dd>
        <dt>{t.own}</dt><dd>{t.ownText(evidence.own)}</dd>
        <dt>{t.root}</dt><dd><code className={classes.root}>{evidence.root.match(/.{8}/g)?.join(' ')}</code></dd>
      </dl>
    </details>
  )
}

function Events({ history, whole, verified }: { history: AccessHistory, whole: boolean, verified: boolean }) {
  const { access: t } = useText()
  const format = useFormat()
  return (
    <>
      <Notes title={t.notes} notes={history.complaints} />
      {history.events.length === 0 && <EmptyState icon={<IconEye size={40} />} title={whole ? t.none : t.nonePart} text={t.noneText} />}
      {byDay(history.events).map(({ day, events }) => (
        <Panel key={day} title={format.day(day)}>
          <ul className={classes.list}>{together(events).map(same => <AccessEntry key={`${String(same[0]!.index)} ${same[0]!.at}`} events={same} verified={verified} />)}</ul>
        </Panel>
      ))}
    </>
  )
}
