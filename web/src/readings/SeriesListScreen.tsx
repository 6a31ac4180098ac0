import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ReadingSeries } from '../core/readings'
import { useAction, useOperation } from '../core/useCore'
import { useRefresh } from '../home/useRefresh'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconChevronRight, IconHeartRateMonitor, IconPlus } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { Notes } from '../search/Notes'
import { useIdentity } from '../shell/session'
import { addressOf } from '../sharing/Sentence'
import { useText } from '../text'
import { useResearchText } from '../text/research'
import { AddReadings } from './AddReadings'
import { unitOf } from '../parts/unit'
import { nameOf } from './kinds'
import classes from './readings.module.css'

/** Series of readings: one's own, and those of others who share theirs. */
export default function SeriesListScreen() {
  const { requests } = useText()
  const { readings: t } = useResearchText()
  const { account } = useIdentity()
  const all = useOperation('series', {})
  useRefresh(all.reload)
  const [adding, setAdding] = useState(false)
  const own = all.data?.series.filter(series => series.account === account) ?? []
  const others = byOwner(all.data?.series.filter(series => series.account !== account) ?? [])
  const add = <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => { setAdding(true) }}>{t.add}</Button>
  return (
    <>
      <PageTitle title={t.title} text={t.intro}>{!adding && own.length > 0 && add}</PageTitle>
      {adding && <AddReadings onClose={() => { setAdding(false) }} onAdded={all.reload} />}
      {all.state === 'failed' && <Failure error={all.failure} onRetry={all.reload} />}
      {all.state === 'loading' && !all.data && <Loading />}
      {all.data && (
        <>
          {all.data.waiting && <Waiting onSent={all.reload} />}
          <Notes title={t.notes} notes={all.data.complaints} />
          {own.length > 0
            ? <Panel title={t.own}><SeriesList series={own} /></Panel>
            : !adding && <EmptyState icon={<IconHeartRateMonitor size={36} />} title={t.none} text={t.noneText} action={add} />}
          {[...others].map(([owner, series]) => <Panel key={owner} title={t.of(visible(addressOf(series[0]!.owner, requests)))}><SeriesList series={series} /></Panel>)}
          <Panel title={t.who}><p className={classes.plain}>{t.whoText}</p></Panel>
        </>
      )}
    </>
  )
}

/** Values that some server does not have yet. */
function Waiting({ onSent }: { onSent: () => void }) {
  const { readings: t } = useResearchText()
  const resume = useAction('readings.resume')
  return (
    <Panel>
      <p className={classes.plain}>{t.waiting}</p>
      {resume.running && <ProgressLine label={t.resuming} part={null} />}
      {resume.failure && <Failure error={resume.failure} />}
      <Button variant="default" mt="sm" loading={resume.running} onClick={() => { void resume.run({}).then(done => { if (done) onSent() }) }}>{t.resume}</Button>
    </Panel>
  )
}

function byOwner(series: ReadingSeries[]): Map<string, ReadingSeries[]> {
  const owners = new Map<string, ReadingSeries[]>()
  for (const one of series) owners.set(one.account, [...owners.get(one.account) ?? [], one])
  return owners
}

function SeriesList({ series }: { series: ReadingSeries[] }) {
  const { readings: t } = useResearchText()
  return (
    <ul className={classes.list}>
      {series.map(one => (
        <li key={one.series}>
          <Link href={`/readings/${one.account}/${one.series}`} className={classes.entry}>
            <span className={classes.name}><bdi>{visible(nameOf(one, t.kinds))}</bdi></span>
            <span className={classes.under}>{[one.name, unitOf(one.unit)].filter(Boolean).map(visible).join(' · ')}</span>
            <IconChevronRight size={20} aria-hidden className={classes.arrow} />
          </Link>
        </li>
      ))}
    </ul>
  )
}
