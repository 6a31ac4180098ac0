import { Button, Group } from '@mantine/core'
import { useContext, useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { AnswerOf, Contact, UploadReport } from '../core/api'
import { CoreContext, useAction } from '../core/useCore'
import { noteSent } from '../organisation/sent'
import { Failure } from '../parts/Failure'
import { Panel } from '../parts/Panel'
import { PartitionBadge } from '../parts/PartitionBadge'
import { PersonName } from '../parts/PersonName'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { parseExactly, type Fields } from '../records/fhir/json'
import FhirView from '../records/fhir/FhirView'
import { useIdentity, useSession } from '../shell/session'
import { useFormat, useText } from '../text'
import classes from './clinician.module.css'
import type { Resource } from './fhir'
import { toJson } from './json'

export interface Written { resource: Resource, title: string, partition: string, patient: Contact }

/** What was written, as the patient will see it; then sealed for them, signed, and sent. */
export function Sending({ written: { resource, title, partition, patient }, onEdit, onAnother }: { written: Written, onEdit: () => void, onAnother: () => void }) {
  const { clinician: t } = useText()
  const core = useContext(CoreContext)
  const own = useIdentity()
  const { unfinished, setUnfinished } = useSession()
  const send = useAction('import')
  const [part, setPart] = useState<number | null>(null)
  const [sent, setSent] = useState<AnswerOf<'import'> | null>(null)
  // The very text that is sealed, read back as the patient's browser reads it.
  const text = useMemo(() => toJson(resource), [resource])
  const items = useMemo(() => {
    const fields = parseExactly(text) as Fields
    return [{ type: resource.resourceType, id: resource.id, title: null, date: null, bytes: text.length, resource: fields, load: () => Promise.resolve(fields) }]
  }, [text, resource])
  const onReport = (report: UploadReport) => {
    if ('progress' in report && report.progress.party === null) setPart(report.progress.total === 0 ? null : report.progress.done / report.progress.total)
  }
  const seal = () => {
    const file = new File([text], `${nameOf(title)}.json`, { type: 'application/fhir+json' })
    void send.run({ file, partition, for: patient.mail }, { onReport }).then(answer => {
      if (!answer) return
      setSent(answer)
      if (answer.missing.length > 0 || !answer.searchable) setUnfinished(unfinished + 1)
      if (core) noteSent(core, { id: answer.import, patient: patient.mail, what: title, at: new Date(), missing: answer.missing })
    })
  }
  if (sent) return <Sent answer={sent} patient={patient.account} onAnother={onAnother} />
  return (
    <>
      <Panel title={t.preview} text={t.previewHint}>
        <p className={classes.line}><PartitionBadge partition={partition} /> <span>{t.author}</span> <PersonName mail={own.mail} organisation={own.organisation} /></p>
      </Panel>
      <FhirView items={items} />
      {send.running && <ProgressLine label={t.sealing} part={part} />}
      {send.failure && <Failure error={send.failure} />}
      <Group mt="lg">
        <Button loading={send.running} onClick={seal}>{t.seal}</Button>
        <Button variant="default" disabled={send.running} onClick={onEdit}>{t.edit}</Button>
      </Group>
    </>
  )
}

/** A name for the record that every file system takes. */
const nameOf = (title: string): string => visible(title).replace(/[\\/:*?"<>|]+/g, '-').trim().slice(0, 80) || 'record'

function Sent({ answer, patient, onAnother }: { answer: AnswerOf<'import'>, patient: string, onAnother: () => void }) {
  const { clinician: t, organisation } = useText()
  const format = useFormat()
  return (
    <Panel title={t.sent}>
      <div role="status" className={classes.sent}>
        <p>{t.sentWhat}</p>
        {answer.missing.length > 0 && <p>{organisation.missing(format.list(answer.missing.map(visible)))}</p>}
        {!answer.searchable && <p>{t.notSearchable}</p>}
      </div>
      <Group>
        <Button onClick={onAnother}>{t.another}</Button>
        <Button component={Link} variant="default" href={`/patients/${encodeURIComponent(patient)}`}>{t.backToPatient}</Button>
      </Group>
    </Panel>
  )
}
