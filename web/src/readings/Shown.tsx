import { Button } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Readings, ReadingSeries } from '../core/readings'
import { IconDownload } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { Panel } from '../parts/Panel'
import { ValueTable } from '../parts/ValueTable'
import { visible } from '../parts/visible'
import { download } from '../records/download'
import type { Series } from '../records/fhir/series'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import { unitOf } from '../parts/unit'
import { csvOf, summaryOf } from './range'
import classes from './readings.module.css'

const Plot = lazy(() => import('../records/fhir/Plot'))
const perPage = 200

/** Readings of a period: the line, what they come to, and all of them as a table. */
export function Shown({ series, name, readings }: { series: ReadingSeries, name: string, readings: Readings }) {
  const { readings: t } = useResearchText()
  const format = useFormat()
  const [rows, setRows] = useState(perPage)
  const { times, values } = readings
  const unit = visible(unitOf(series.unit))
  const number = useMemo(() => new Intl.NumberFormat(format.locale, { minimumFractionDigits: series.decimals, maximumFractionDigits: series.decimals }), [format.locale, series.decimals])
  const mean = useMemo(() => new Intl.NumberFormat(format.locale, { maximumFractionDigits: series.decimals + 1 }), [format.locale, series.decimals])
  const exact = useMemo(() => new Intl.DateTimeFormat(format.locale, { dateStyle: 'medium', timeStyle: 'medium' }), [format.locale])
  const drawn = useMemo<Series>(() => ({
    key: series.series, name, unit, points: times.map((time, at) => ({ date: '', time, value: values[at]!, written: '' })),
  }), [series.series, name, unit, times, values])
  const summary = summaryOf(values)
  if (!summary) return null
  const figure = (text: string) => <dd>{text} <small>{unit}</small></dd>
  return (
    <Panel title={t.trend} action={(
      <Button variant="default" size="sm" leftSection={<IconDownload size={18} aria-hidden />}
        onClick={() => { download(new Blob([csvOf(times, values, series.decimals)]), `${series.name}.csv`) }}>{t.download}</Button>
    )}>
      <div className={classes.plot} role="img" aria-label={t.plotOf(name, unit, format.number(summary.count), format.day(new Date(times[0]!)), format.day(new Date(times.at(-1)!)))}>
        <Suspense fallback={<Loading />}><Plot series={drawn} locale={format.locale} /></Suspense>
      </div>
      <dl className={classes.figures}>
        <div><dt>{t.least}</dt>{figure(number.format(summary.least))}</div>
        <div><dt>{t.mean}</dt>{figure(mean.format(summary.mean))}</div>
        <div><dt>{t.most}</dt>{figure(number.format(summary.most))}</div>
        <div><dt>{t.values}</dt><dd>{format.number(summary.count)}</dd></div>
      </dl>
      <details>
        <summary>{t.table}</summary>
        <ValueTable label={t.table} head={[t.time, t.valueIn(unit)]} rows={times.slice(0, rows).map((time, at) => [exact.format(time), number.format(values[at]!)])} />
        {times.length > rows && <Button variant="subtle" size="compact-md" onClick={() => { setRows(rows + perPage) }}>{t.more(Math.min(perPage, times.length - rows))}</Button>}
      </details>
    </Panel>
  )
}
