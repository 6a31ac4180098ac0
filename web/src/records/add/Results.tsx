import { Anchor, Button, Group } from '@mantine/core'
import { Link } from 'wouter'
import { Failure } from '../../parts/Failure'
import { Foreign } from '../../parts/Foreign'
import { Panel } from '../../parts/Panel'
import { PartitionBadge } from '../../parts/PartitionBadge'
import { visible } from '../../parts/visible'
import { useFormat, useText } from '../../text'
import classes from './Add.module.css'
import type { Run } from './useUploads'

/** What is stored, what is missing, and what was not stored. */
export function Results({ run, onRetry, onSkip }: { run: Extract<Run, { state: 'ended' }>, onRetry: () => void, onSkip: () => void }) {
  const { common, upload: t, records } = useText()
  const format = useFormat()
  const { stored, left, failure } = run
  return (
    <>
      <div role="status">
        {stored.map((one, at) => (
          <Panel key={at} title={visible(one.name)}>
            <p>{one.missing.length === 0 ? t.allThere : t.missing(format.list(one.missing.map(visible)))}</p>
            {!one.searchable && <p>{t.notSearchable}</p>}
            {one.waiting && <details><summary>{common.details}</summary><p lang="en"><Foreign text={one.waiting} /></p></details>}
            <ul className={classes.files}>
              {one.records.map(record => (
                <li key={record.record}>
                  <div className={classes.file}>
                    <PartitionBadge partition={record.partition} />
                    <span className={classes.name}>{record.name ? <Foreign text={record.name} /> : <Foreign text={one.name} />}</span>
                    <span className={classes.dimmed}>{record.resources ? `${records.resources(record.resources)}, ` : ''}{format.bytes(record.bytes)}</span>
                    <Anchor component={Link} href={`/record/${record.record}`}>{t.open}</Anchor>
                  </div>
                  {record.personalFacts && record.personalFacts.length > 0 && (
                    <p className={classes.dimmed}>{t.facts} <span lang="en">{new Intl.ListFormat('en').format(record.personalFacts.map(visible))}</span></p>
                  )}
                </li>
              ))}
            </ul>
          </Panel>
        ))}
      </div>
      {failure && (
        <Panel title={left[0] ? t.failed(visible(left[0].file.name)) : undefined}>
          {failure.error.kind === 'cancelled' ? <p>{t.stopped}</p> : <Failure error={failure} />}
          <p>{t.skipped(left.length)}</p>
          <Group mt="md">
            {failure.error.kind !== 'cancelled' && <Button variant="default" onClick={onRetry}>{t.again}</Button>}
            {left.length > 1 && <Button variant="default" onClick={onSkip}>{t.leaveOut}</Button>}
          </Group>
        </Panel>
      )}
    </>
  )
}
