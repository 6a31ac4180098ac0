import type { RecordSummary } from '../core/api'
import { Foreign } from '../parts/Foreign'
import { Panel } from '../parts/Panel'
import { PartitionBadge } from '../parts/PartitionBadge'
import { useFormat, useText } from '../text'
import classes from './Record.module.css'

/** What is known of a record besides its content. */
export function RecordFacts({ record, own }: { record: RecordSummary, own: boolean }) {
  const { common, records: t } = useText()
  const format = useFormat()
  return (
    <Panel title={t.facts}>
      <dl className={classes.facts}>
        <dt>{t.originalName}</dt><dd><Foreign text={record.name} /></dd>
        <dt>{t.partition}</dt><dd><PartitionBadge partition={record.partition} /></dd>
        <dt>{t.written}</dt><dd>{format.time(record.sealedAt)}</dd>
        <dt>{t.by}</dt><dd>{record.source === 'you' ? common.you : <Foreign text={record.source} />}</dd>
        {!own && <><dt>{t.owner}</dt><dd><Foreign text={record.owner} /></dd></>}
        <dt>{t.type}</dt><dd>{t.kinds[record.kind]}, <Foreign text={record.mediaType} /></dd>
        <dt>{t.size}</dt><dd>{format.bytes(record.bytes)}{record.resources > 0 && `, ${t.resources(record.resources)}`}</dd>
        <dt>{t.keywords}</dt>
        <dd>{record.keywords.length === 0 ? t.noKeywords : <ul className={classes.keywords}>{record.keywords.map(word => <li key={word}><Foreign text={word} /></li>)}</ul>}</dd>
        <dt>{t.spread}</dt><dd>{t.spreadText(record.fragments, record.restoreFrom)}</dd>
        {record.version > 1 && <><dt>{t.version}</dt><dd>{format.number(record.version)}</dd></>}
      </dl>
    </Panel>
  )
}
