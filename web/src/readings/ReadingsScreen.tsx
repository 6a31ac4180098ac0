import { Anchor, Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation, useParams } from 'wouter'
import type { ReadingSeries } from '../core/readings'
import { useAction, useOperation } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { Notes } from '../search/Notes'
import { useIdentity, useSession } from '../shell/session'
import { addressOf } from '../sharing/Sentence'
import { useText } from '../text'
import { useResearchText } from '../text/research'
import { nameOf } from './kinds'
import { boundsOf, type Range } from './range'
import { RangeForm } from './RangeForm'
import classes from './readings.module.css'
import { Shown } from './Shown'

/** One series: a period of it, drawn and in figures. */
export default function ReadingsScreen() {
  const { account, series: id } = useParams<{ account: string, series: string }>()
  const { readings: t } = useResearchText()
  const all = useOperation('series', {})
  const series = all.data?.series.find(one => one.series === id && one.account === account)
  return (
    <>
      <Anchor component={Link} href="/readings" className={classes.back}>{t.back}</Anchor>
      {!series && <PageTitle title={t.title} />}
      {all.state === 'failed' && <Failure error={all.failure} onRetry={all.reload} />}
      {all.state === 'loading' && !all.data && <Loading />}
      {all.data && !series && <EmptyState title={t.missingSeries} />}
      {series && <OneSeries key={series.series} series={series} />}
    </>
  )
}

function OneSeries({ series }: { series: ReadingSeries }) {
  const { requests } = useText()
  const { readings: t } = useResearchText()
  const { account } = useIdentity()
  const [, navigate] = useLocation()
  const [range, setRange] = useState<Range>({ span: 'year', from: '', to: '' })
  const [removing, setRemoving] = useState(false)
  const remove = useAction('readings.delete')
  const now = useRef(new Date()).current
  const bounds = boundsOf(range, now)
  const isOwn = series.account === account
  const name = visible(nameOf(series, t.kinds))
  return (
    <>
      <PageTitle title={name} text={isOwn ? undefined : t.of(visible(addressOf(series.owner, requests)))}>
        {isOwn && <Button variant="default" onClick={() => { setRemoving(true) }}>{t.remove}</Button>}
      </PageTitle>
      <Panel><RangeForm range={range} onChange={setRange} isFaulty={bounds === 'fault'} /></Panel>
      {bounds !== 'fault' && <Fetched series={series} name={name} from={bounds.from} to={bounds.to} onAll={() => { setRange({ span: 'all', from: '', to: '' }) }} />}
      <Confirm opened={removing} title={t.removeTitle} action={t.remove} dangerous running={remove.running} failure={remove.failure} onClose={() => { setRemoving(false) }}
        onConfirm={() => { void remove.run({ series: series.series }).then(done => { if (done) navigate('/readings') }) }}>
        <p className={classes.plain}>{t.removeText}</p>
        {remove.running && <ProgressLine label={t.removing} part={null} />}
      </Confirm>
    </>
  )
}

interface FetchedProps { series: ReadingSeries, name: string, from: string | null, to: string | null, onAll: () => void }

function Fetched({ series, name, from, to, onAll }: FetchedProps) {
  const { readings: t } = useResearchText()
  const { reloadAlarms } = useSession()
  const found = useOperation('readings', { series: series.series, owner: series.account, from, to })
  const caught = found.data?.alarms ?? 0
  useEffect(() => { if (caught > 0) reloadAlarms() }, [caught])
  if (found.state === 'loading' && !found.data) return <Loading label={t.fetching} />
  const isAll = from === null && to === null
  return (
    <>
      {found.state === 'failed' && <Failure error={found.failure} onRetry={found.reload} />}
      {found.data && <Notes title={t.notes} notes={found.data.complaints} />}
      {found.data && (found.data.times.length > 0
        ? <Shown series={series} name={name} readings={found.data} />
        : <EmptyState title={isAll ? t.nothingAtAll : t.nothing} action={isAll ? undefined : <Button variant="default" onClick={onAll}>{t.showAll}</Button>} />)}
    </>
  )
}
