import { NativeSelect } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { Loading } from '../../parts/Loading'
import { Panel } from '../../parts/Panel'
import { visible } from '../../parts/visible'
import { useText } from '../../text'
import classes from './Fhir.module.css'
import { sayDate, sayNumber, type Speaker } from './say'
import type { Series } from './series'

const Plot = lazy(() => import('./Plot'))

/** Values of one kind over time, drawn, and as a table for who does not see the drawing. */
export function Trends({ series, speaker }: { series: Series[], speaker: Speaker }) {
  const { records: t } = useText()
  const [key, setKey] = useState(series[0]!.key)
  const shown = series.find(one => one.key === key) ?? series[0]!
  const say = (date: string) => sayDate(date.slice(0, 10), speaker)
  return (
    <Panel title={t.trends} text={t.trendsText}>
      <NativeSelect label={t.trendOf} value={shown.key} onChange={event => { setKey(event.currentTarget.value) }}
        data={series.map(one => ({ value: one.key, label: `${visible(one.name)}${one.unit ? `, ${visible(one.unit)}` : ''} (${one.points.length})` }))} />
      <div className={classes.plot} role="img" aria-label={t.trendLabel(visible(shown.name), visible(shown.unit), shown.points.length, say(shown.points[0]!.date), say(shown.points.at(-1)!.date))}>
        <Suspense fallback={<Loading />}><Plot series={shown} locale={speaker.format.locale} /></Suspense>
      </div>
      <details>
        <summary>{t.trendTable}</summary>
        <div className={classes.scroll} tabIndex={0} role="group" aria-label={t.trendTable}>
          <table className={classes.plain}>
            <thead><tr><th scope="col">{t.date}</th><th scope="col">{t.valueIn(visible(shown.unit))}</th></tr></thead>
            <tbody>{shown.points.map((point, at) => <tr key={at}><td>{say(point.date)}</td><td>{sayNumber(point.written, speaker.format.locale)}</td></tr>)}</tbody>
          </table>
        </div>
      </details>
    </Panel>
  )
}
