import { UnstyledButton } from '@mantine/core'
import type { Hit } from '../core/api'
import { partitionName } from '../parts/partitionName'
import { visible } from '../parts/visible'
import { addressOf } from '../sharing/Sentence'
import { useFormat, useText } from '../text'
import { facetsOf, type Facet, type FacetValue } from './facets'
import classes from './search.module.css'
import type { Asked } from './useFind'
import { withFilter, withoutFilter } from './query'

/** What sets the hits apart. Choosing a value adds it to the query, and choosing it again takes it out. */
export function FacetList({ hits, asked, own, onAsk }: { hits: Hit[], asked: Asked, own: string, onAsk: (asked: Asked) => void }) {
  const { common, requests, search: t } = useText()
  const format = useFormat()
  const facets = facetsOf(hits, asked.query, asked.owner)
  if (facets.length === 0) return null
  const shown = (facet: Facet, value: string) =>
    facet.kind === 'partition' ? partitionName(common, value)
    : value === 'you' || (facet.kind === 'owner' && value === own) ? common.you
    : visible(facet.kind === 'owner' ? addressOf(hits.find(hit => hit.account === value)?.owner ?? value, requests) : value)
  const choose = (facet: Facet, { value, chosen }: FacetValue) => {
    if (facet.kind === 'owner') onAsk({ ...asked, owner: chosen ? null : value })
    else onAsk({ ...asked, query: (chosen ? withoutFilter : withFilter)(asked.query, facet.kind, value) })
  }
  return (
    <section className={classes.facets} aria-label={t.narrow}>
      {facets.map(facet => (
        <div key={facet.kind} role="group" aria-label={t.facets[facet.kind]} className={classes.facet}>
          <span className={classes.facetName} aria-hidden>{t.facets[facet.kind]}</span>
          {facet.values.map(value => (
            <UnstyledButton key={value.value} className={classes.facetValue} aria-pressed={value.chosen} onClick={() => { choose(facet, value) }}>
              <bdi>{shown(facet, value.value)}</bdi>
              {value.chosen ? <span aria-hidden>×</span> : <span className={classes.facetCount}>{format.number(value.count)}</span>}
            </UnstyledButton>
          ))}
        </div>
      ))}
    </section>
  )
}
