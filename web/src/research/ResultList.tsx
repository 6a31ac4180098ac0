import { Button, Group } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Estimate } from '../core/research'
import { IconDownload } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { ValueTable } from '../parts/ValueTable'
import { visible } from '../parts/visible'
import { unitOf } from '../parts/unit'
import { download } from '../records/download'
import { Notes } from '../search/Notes'
import { spoken } from '../studies/studies'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import classes from './research.module.css'
import { classOf, csvOf, digitsOf, isDrawn, jsonOf, type Result } from './results'

const ResultPlot = lazy(() => import('./ResultPlot'))

/** Answers, the last one first: the numbers with their errors, drawn where there are several. */
export function ResultList({ results }: { results: Result[] }) {
  const { statistics: t } = useResearchText()
  return (
    <ul className={classes.results}>
      {results.map((result, at) => (
        <li key={results.length - at} className={classes.result}>
          <div className={classes.resultHead}>
            <h3><bdi dir="ltr">{visible(result.title)}</bdi></h3>
            <Group gap="sm">
              <Button size="sm" variant="default" leftSection={<IconDownload size={18} aria-hidden />} aria-label={t.csvOf(visible(result.title))}
                onClick={() => { download(new Blob([csvOf(result)]), 'answer.csv') }}>{t.csv}</Button>
              <Button size="sm" variant="default" leftSection={<IconDownload size={18} aria-hidden />} aria-label={t.jsonOf(visible(result.title))}
                onClick={() => { download(new Blob([jsonOf(result)]), 'answer.json') }}>{t.json}</Button>
            </Group>
          </div>
          {result.each && <p className={classes.dimmed}>{t.each}: {visible(spoken(result.each))}</p>}
          <OneResult result={result} />
        </li>
      ))}
    </ul>
  )
}

function OneResult({ result }: { result: Result }) {
  const { statistics: t, studies } = useResearchText()
  const format = useFormat()
  const unit = visible(unitOf(result.unit))
  const write = (value: number, estimate: Estimate) => new Intl.NumberFormat(format.locale, { maximumFractionDigits: digitsOf(estimate), minimumFractionDigits: digitsOf(estimate) }).format(value)
  const labelOf = (label: string) => {
    const ends = classOf(label)
    return ends ? studies.interval(format.number(ends[0]), format.number(ends[1])) : Object.hasOwn(t.labels, label) ? t.labels[label]! : visible(spoken(label))
  }
  const [only] = result.estimates
  const table = (
    <ValueTable label={t.asTable} head={[t.label, unit ? `${t.number} (${unit})` : t.number, t.error]}
      rows={result.estimates.map(estimate => [labelOf(estimate.label), write(estimate.value, estimate), estimate.error === 0 ? '' : `± ${write(estimate.error, estimate)}`])} />
  )
  return (
    <>
      {result.why && <p className={classes.text}>{result.lacking.length > 0 && `${format.list(result.lacking.map(labelOf))}: `}{t.whyNot[result.why]}</p>}
      {only && result.estimates.length === 1 && result.kind === 'number' && (
        <>
          <p className={classes.number}>{t.plusMinus(write(only.value, only), write(only.error, only), unit)}</p>
          <p className={classes.dimmed}>{t.error95}</p>
        </>
      )}
      {isDrawn(result) && (
        <>
          <div className={classes.plot} role="img" aria-label={t.plotOf(visible(result.title), result.estimates.length)}>
            <Suspense fallback={<Loading />}><ResultPlot result={result} locale={format.locale} labelOf={labelOf} /></Suspense>
          </div>
          <details><summary>{t.asTable}</summary>{table}</details>
        </>
      )}
      {only && !isDrawn(result) && (result.estimates.length > 1 || result.kind !== 'number') && table}
      {result.participants && <p className={classes.dimmed}>{t.counted(format.number(Math.round(result.participants.value)), format.number(Math.ceil(result.participants.error)))}</p>}
      <Notes title={t.notes} notes={result.complaints} />
    </>
  )
}
