import { type KeyboardEvent } from 'react'
import { Link } from 'wouter'
import type { Hit } from '../core/api'
import { Foreign } from '../parts/Foreign'
import { PartitionBadge } from '../parts/PartitionBadge'
import { visible } from '../parts/visible'
import { sayDate } from '../records/fhir/say'
import { useFormat, useText } from '../text'
import { Filled } from '../text/Filled'
import { piecesOf } from './facets'
import classes from './search.module.css'

/** What was found, best first. The arrow keys go through it. */
export function Hits({ hits, own }: { hits: Hit[], own: string }) {
  const { search: t } = useText()
  return (
    <ol className={classes.hits} aria-label={t.hits} onKeyDown={step}>
      {hits.map((hit, at) => <li key={`${hit.record} ${hit.resource} ${at}`}><OneHit hit={hit} own={own} /></li>)}
    </ol>
  )
}

function OneHit({ hit, own }: { hit: Hit, own: string }) {
  const { records: { fhir }, search: t } = useText()
  const format = useFormat()
  return (
    <article className={classes.hit}>
      <Link href={addressOf(hit)} className={classes.hitTitle} data-hit><Foreign text={hit.title ?? hit.name} /></Link>
      <p className={classes.meta}>
        <PartitionBadge partition={hit.partition} />
        {hit.date && <span>{sayDate(hit.date, { words: fhir.words, format })}</span>}
        <span>{hit.source === 'you' ? t.byYou : <Filled text={t.by} parts={{ source: <Foreign text={hit.source} /> }} />}</span>
        {hit.account !== own && <span><Filled text={t.of} parts={{ owner: <Foreign text={hit.owner} /> }} /></span>}
        {hit.title && <span><Foreign text={hit.name} /></span>}
      </p>
      {hit.snippet && (
        <p className={classes.snippet} dir="auto">
          {piecesOf(hit.snippet).map(({ text, marked }, at) => (marked ? <mark key={at}>{visible(text)}</mark> : visible(text)))}
        </p>
      )}
      {hit.note && <p className={classes.note}>{t.notLookedInto}: <span lang="en"><Foreign text={hit.note} /></span></p>}
    </article>
  )
}

/** Where a hit leads: to its resource within the record, when that has a name of its own. */
const addressOf = ({ record, resource }: Hit): string => `/record/${record}${resource?.includes('/') ? `?resource=${encodeURIComponent(resource)}` : ''}`

/** Arrow keys, Home and End go from one hit to another; above the first is the field. */
function step(event: KeyboardEvent<HTMLElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-hit]')]
  const at = links.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  if (to < 0) document.querySelector<HTMLElement>('[data-search-field]')?.focus()
  else links[Math.min(to, links.length - 1)]?.focus()
}

export function focusFirstHit(): void {
  document.querySelector<HTMLElement>('[data-hit]')?.focus()
}
