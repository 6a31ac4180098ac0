import { Anchor, Button, Group } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Link, useParams } from 'wouter'
import type { Content, RecordSummary, ResourceEntry } from '../core/api'
import { useOperation } from '../core/useCore'
import { usePreference } from '../core/usePreference'
import { isNew, readSeen, withSeen } from '../home/timeline'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconCheck, IconDownload, IconServer } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { PartitionBadge } from '../parts/PartitionBadge'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { useIdentity } from '../shell/session'
import { useQuery } from '../shell/place'
import { useFormat, useText } from '../text'
import { RecordContent } from './RecordContent'
import { DeleteRecord } from './DeleteRecord'
import { download } from './download'
import { ExportImport } from './ExportImport'
import { bundleOf } from './fhir/load'
import classes from './Record.module.css'
import { RecordFacts } from './RecordFacts'
import { SequenceKeyForm } from './SequenceKeyForm'
import { useContent } from './useContent'

export default function RecordScreen() {
  const { record } = useParams<{ record: string }>()
  const resource = useQuery().get('resource')
  const { common, records: t } = useText()
  const shown = useOperation('show', { record })
  if (shown.state === 'failed') {
    return (
      <>
        <PageTitle title={t.notFound} />
        <Failure error={shown.failure} onRetry={shown.reload} />
        <p><Anchor component={Link} href="/">{t.backHome}</Anchor></p>
      </>
    )
  }
  if (shown.data) return <Shown key={`${record} ${resource ?? ''}`} summary={shown.data} entries={shown.data.resourceEntries} resource={resource} />
  return <><PageTitle title={common.loading} /><Loading /></>
}

function Shown({ summary, entries, resource }: { summary: RecordSummary, entries: ResourceEntry[], resource: string | null }) {
  const { common, records: t } = useText()
  const format = useFormat()
  const [key, setKey] = useState<string | null>(null)
  const [unreached, setUnreached] = useState<string[] | null>(null)
  const { value: seen, set: setSeen } = usePreference('seen', readSeen)
  const { account } = useIdentity()
  useEffect(() => {
    if (seen !== null && isNew(summary, account, new Set(seen))) setSeen(withSeen(seen, [summary.record]))
  }, [seen, setSeen, summary, account])
  const own = account === summary.account
  const listed = useOperation('show', { record: summary.record, sequenceKey: key })
  const reading = useContent(summary.record, resource, key, (summary.needsSequenceKey && key === null) || unreached !== null)

  if (unreached) {
    return (
      <>
        <PageTitle title={t.removed} />
        <EmptyState icon={<IconCheck size={32} />} title={t.removed} text={unreached.length ? t.unreached(format.list(unreached)) : undefined}
          action={<Button component={Link} href="/">{t.backHome}</Button>} />
      </>
    )
  }
  const wrongKey = reading.state === 'failed' && summary.needsSequenceKey && reading.failure.error.code.startsWith('sequence-key-')
  const name = resource ? `${resource.replace('/', '-')}.json` : summary.name
  const content = reading.state === 'read' ? reading.content : null
  const parts = listed.data?.resourceEntries ?? entries
  // What is kept of an import is its resources one after the other: as a file they are a Bundle.
  const save = ({ blob }: Content) => {
    if (summary.kind === 'fhir' && !resource && parts.length > 0) download(bundleOf(blob, parts), /\.json$/i.test(name) ? name : `${name}.json`)
    else download(blob, name)
  }
  return (
    <>
      <PageTitle
        title={summary.name}
        text={<span className={classes.under}><PartitionBadge partition={summary.partition} /><span>{format.day(summary.sealedAt)}</span>
          <span>{summary.source === 'you' ? t.fromYou : t.from(visible(summary.source))}</span>{!own && <span>{t.ownerIs(visible(summary.owner))}</span>}</span>}
      >
        <Button onClick={() => { if (content) save(content) }} disabled={!content} leftSection={<IconDownload size={18} aria-hidden />}>{t.download}</Button>
      </PageTitle>
      {summary.needsSequenceKey && (key === null || wrongKey)
        ? <SequenceKeyForm failure={wrongKey ? reading.failure : null} onKey={chosen => { setKey(chosen); if (chosen === key) reading.again() }} />
        : reading.state === 'reading'
          ? <Panel title={t.content}><p>{t.openingText}</p><ProgressLine label={t.opening} part={reading.part} /></Panel>
          : reading.state === 'failed'
            ? <Panel title={t.content}><Failure error={reading.failure} onRetry={reading.again} /></Panel>
            : <Read content={reading.content} summary={summary} entries={parts} resource={resource} waits={key !== null && listed.state === 'loading'} />}
      <RecordFacts record={summary} own={own} />
      <Group>
        <Button variant="default" component={Link} href={`/record/${summary.record}/servers`} leftSection={<IconServer size={18} aria-hidden />}>{t.servers}</Button>
        {summary.import && <ExportImport importId={summary.import} />}
        {own && <DeleteRecord record={summary} knownKey={key} onDeleted={setUnreached} />}
      </Group>
      <p><Anchor component={Link} href="/">{common.back}: {t.backHome}</Anchor></p>
    </>
  )
}

function Read({ content, summary, entries, resource, waits }: { content: Content, summary: RecordSummary, entries: ResourceEntry[], resource: string | null, waits: boolean }) {
  const { records: t } = useText()
  return (
    <>
      {content.complaints.length > 0 && (
        <Panel title={t.complaints} text={t.complaintsText}>
          <ul className={classes.complaints} lang="en">{content.complaints.map((complaint, at) => <li key={at}>{visible(complaint)}</li>)}</ul>
        </Panel>
      )}
      {resource && <p>{t.oneResource}. <Anchor component={Link} href={`/record/${summary.record}`}>{t.wholeRecord}</Anchor></p>}
      {waits ? <Loading /> : <RecordContent blob={content.blob} summary={summary} entries={resource ? [] : entries} isFhir={summary.kind === 'fhir' || resource !== null} />}
    </>
  )
}
