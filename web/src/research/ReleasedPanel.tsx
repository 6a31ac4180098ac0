import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import type { Study } from '../core/research'
import { useOperation } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { Loading } from '../parts/Loading'
import { Panel } from '../parts/Panel'
import { visible } from '../parts/visible'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import classes from './research.module.css'

/** The custodian's part of records for what it releases of a study: src/Client/Studies/Custody/Custodian.cs. */
const releasesOf = (study: string): string => `study-${study}`

/** What the custodian has released of this study: records that it shares. */
export function ReleasedPanel({ study }: { study: Study }) {
  const { research: t } = useResearchText()
  const format = useFormat()
  const shared = useOperation('shared', {})
  const released = shared.data?.records.filter(record => record.account === study.custodian.account && record.partition === releasesOf(study.study)) ?? []
  return (
    <Panel title={t.released}>
      {shared.state === 'failed' && <Failure error={shared.failure} onRetry={shared.reload} />}
      {shared.state === 'loading' && !shared.data && <Loading />}
      {shared.data && released.length === 0 && <EmptyState title={t.releasedNone} text={t.releasedNoneText} />}
      <ul className={classes.records}>
        {released.map(record => (
          <li key={record.record}>
            <Anchor component={Link} href={`/record/${record.record}`} aria-label={t.openRecord(visible(record.name))}><Foreign text={record.name} /></Anchor>
            <span className={classes.dimmed}>{format.bytes(record.bytes)} · {format.day(record.sealedAt)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
