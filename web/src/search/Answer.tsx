import { Button } from '@mantine/core'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { ProgressLine } from '../parts/ProgressLine'
import { IconSearch } from '../parts/icons'
import { addressOf } from '../sharing/Sentence'
import { useFormat, useText } from '../text'
import { Filled } from '../text/Filled'
import { FacetList } from './FacetList'
import { Hits } from './Hits'
import { Notes } from './Notes'
import { NothingFound } from './NothingFound'
import classes from './search.module.css'
import { firstLimit, type Find } from './useFind'

/**
 * What a search has brought: hits as they come, an alarm above those that were verified before it, and what was searched.
 * @param own The own account.
 * @param within What the owner is called whose records alone are searched here.
 */
export function Answer({ find: { search, ask, cancel }, own, within }: { find: Find, own: string, within?: string }) {
  const { requests, search: t } = useText()
  const format = useFormat()
  const { asked, running, hits, complaints, failure } = search
  if (!asked) return null
  const isDone = !running && !failure
  const isWithin = within !== undefined
  const owner = within ?? hits[0]?.owner ?? asked.owner
  const isCut = hits.length >= asked.limit
  return (
    <div className={classes.answer}>
      {running && <ProgressLine label={hits.length === 0 ? t.searching : t.soFar(hits.length, format.number(hits.length))} part={null} onCancel={cancel} />}
      {failure && failure.error.kind !== 'cancelled' && <Failure error={failure} onRetry={() => { ask(asked) }} />}
      {failure && hits.length > 0 && <p className={classes.before}>{t.before}</p>}
      <div role="status" className={classes.outcome}>
        {isDone && hits.length > 0 && <p className={classes.count}>{t.found(hits.length, format.number(hits.length))}</p>}
        {isDone && hits.length === 0 && <EmptyState icon={<IconSearch size={32} />} title={t.nothing} text={t.nothingWords} />}
      </div>
      {!isWithin && <FacetList hits={hits} asked={asked} own={own} onAsk={ask} />}
      {hits.length > 0 && <Hits hits={hits} own={own} />}
      {isDone && hits.length === 0 && <NothingFound />}
      {isDone && (
        <p className={classes.searched}>
          {isCut && (
            <>
              {t.best(format.number(hits.length))}{' '}
              <Button variant="subtle" size="compact-md" onClick={() => { ask({ ...asked, limit: asked.limit * 2 + firstLimit }) }}>{t.more}</Button><br />
            </>
          )}
          {owner === null || asked.owner === null ? t.searchedAll : <Filled text={t.searchedOwner} parts={{ owner: <Foreign text={addressOf(owner, requests)} /> }} />}
          {' '}
          {asked.owner !== null && !isWithin && <Button variant="subtle" size="compact-md" onClick={() => { ask({ ...asked, owner: null }) }}>{t.allOwners}</Button>}
        </p>
      )}
      <Notes title={t.complaints(complaints.length)} notes={complaints} />
    </div>
  )
}
