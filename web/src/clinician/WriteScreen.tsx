import { Button, NativeSelect, SegmentedControl } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Link, useParams } from 'wouter'
import type { Contact } from '../core/api'
import { useOperation } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconLock } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { partitionName } from '../parts/partitionName'
import { visible } from '../parts/visible'
import { addressOf, moment } from '../sharing/Sentence'
import { useIdentity } from '../shell/session'
import { useFormat, useText } from '../text'
import classes from './clinician.module.css'
import { NoteFields } from './NoteFields'
import { isNamed, patientOf, targetsOf } from './patients'
import { PrescriptionFields } from './PrescriptionFields'
import { ResultFields } from './ResultFields'
import { Sending, type Written } from './Sending'
import { Unnamed } from './Unnamed'
import { kinds, useDraft, usualPartition, type Kind } from './useDraft'

/** Writes a note, a result or a prescription for a patient: typed, looked at as the patient will see it, then signed and sealed. */
export default function WriteScreen() {
  const { clinician: t, requests } = useText()
  const { account = '' } = useParams<{ account: string }>()
  const shared = useOperation('shared', {})
  const patient = shared.data && patientOf(shared.data, account, new Date())
  const targets = patient && targetsOf(patient.deposits)
  const address = `/patients/${encodeURIComponent(account)}`
  return (
    <>
      <PageTitle title={t.writeTitle(visible(addressOf(patient?.owner ?? account, requests)))}><Button component={Link} href={address} variant="default">{t.backToPatient}</Button></PageTitle>
      {shared.state === 'failed' && <Failure error={shared.failure} onRetry={shared.reload} />}
      {shared.state === 'loading' && !shared.data && <Loading />}
      {targets?.size === 0 && <EmptyState icon={<IconLock size={32} />} title={t.refused} text={t.refusedWhat} />}
      {patient && targets && targets.size > 0 && (isNamed(patient)
        ? <WritingTo key={account} mail={patient.owner} targets={targets} />
        : <Unnamed callsThemselves={patient.callsThemselves} onLookedUp={shared.reload} />)}
    </>
  )
}

function WritingTo({ mail, targets }: { mail: string, targets: Map<string, string | null> }) {
  const contact = useOperation('contacts.resolve', { mail })
  if (contact.data) return <Writing patient={contact.data} targets={targets} />
  return contact.state === 'failed' ? <Failure error={contact.failure} onRetry={contact.reload} /> : <Loading />
}

function Writing({ patient, targets }: { patient: Contact, targets: Map<string, string | null> }) {
  const { common, clinician: t } = useText()
  const format = useFormat()
  const { account, mail, organisation } = useIdentity()
  const [kind, setKind] = useState<Kind>('note')
  const [chosen, setChosen] = useState<string | null>(null)
  const [tried, setTried] = useState(false)
  const [written, setWritten] = useState<Written | null>(null)
  const draft = useDraft(kind)
  const usual = usualPartition[kind]
  const open = [...targets.keys()]
  const into = chosen !== null && targets.has(chosen) ? chosen : targets.has(usual) ? usual : open[0]!
  const until = targets.get(into) ?? null

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!draft.isFaultless) return
    const frame = { id: crypto.randomUUID(), patient: patient.account, writer: { account, mail, organisation }, now: new Date() }
    setWritten({ resource: draft.resource(frame), title: draft.title, partition: into, patient })
  }
  const another = () => {
    draft.clear()
    setTried(false)
    setWritten(null)
  }
  if (written) return <Sending written={written} onEdit={() => { setWritten(null) }} onAnother={another} />
  const faults = <K extends Kind>(of: K) => (tried ? draft.faults[of] : {})
  return (
    <Panel text={until === null ? t.untilNoEnd : t.until(moment(until, format))}>
      <form onSubmit={submit} noValidate className={classes.write} autoComplete="off">
        <SegmentedControl
          aria-label={t.kind} value={kind} data={kinds.map(value => ({ value, label: t.kinds[value] }))} onChange={value => { setKind(value); setTried(false) }} className={classes.kinds}
        />
        {kind === 'note' && <NoteFields form={draft.note} faults={faults('note')} onChange={draft.setNote} />}
        {kind === 'result' && <ResultFields form={draft.result} faults={faults('result')} onChange={draft.setResult} />}
        {kind === 'prescription' && <PrescriptionFields form={draft.prescription} faults={faults('prescription')} onChange={draft.setPrescription} />}
        <NativeSelect
          label={t.into} value={into} data={open.map(value => ({ value, label: partitionName(common, value) }))} onChange={event => { setChosen(event.currentTarget.value) }}
          description={targets.has(usual) ? undefined : t.notUsual(partitionName(common, usual))}
        />
        <div><Button type="submit">{t.toPreview}</Button></div>
      </form>
    </Panel>
  )
}
