import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { OutgoingRequest } from '../core/api'
import { useOperation } from '../core/useCore'
import { useRefresh } from '../home/useRefresh'
import { SentList } from '../organisation/SentList'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconClock, IconSearch, IconUsers } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { Notes } from '../search/Notes'
import { useIdentity } from '../shell/session'
import { useFormat, useText } from '../text'
import classes from './clinician.module.css'
import { PatientCard } from './PatientCard'
import { patientsOf, type Patient } from './patients'

const searchFrom = 8

/** Everybody who lets this account see or add something, what ends soon, and what it has asked for. */
export default function PatientsScreen() {
  const { clinician: t, organisation: ours, sharing } = useText()
  const { organisation } = useIdentity()
  const shared = useOperation('shared', {})
  const requests = useOperation('requests', {})
  useRefresh(() => { shared.reload(); requests.reload() })
  const waiting = requests.data?.outgoing.filter(request => request.state === 'pending' || (request.state === 'approved' && !request.claimed)) ?? []
  return (
    <>
      <PageTitle title={organisation === null ? t.titleShared : t.title} text={organisation === null ? t.intro : ours.intro}>
        <Button component={Link} href="/requests?ask" variant="default">{t.ask}</Button>
      </PageTitle>
      {shared.state === 'failed' && <Failure error={shared.failure} onRetry={shared.reload} />}
      {requests.state === 'failed' && shared.state !== 'failed' && <Failure error={requests.failure} onRetry={requests.reload} />}
      {shared.state === 'loading' && !shared.data && <Loading />}
      {shared.data && (
        <>
          <Notes title={sharing.notes} notes={shared.data.complaints} />
          <Patients {...patientsOf(shared.data, new Date())} />
        </>
      )}
      {waiting.length > 0 && <Waiting requests={waiting} />}
      {organisation !== null && <SentList />}
    </>
  )
}

function Patients({ open, over }: { open: Patient[], over: Patient[] }) {
  const { clinician: t } = useText()
  const [wanted, setWanted] = useState('')
  const matching = (patients: Patient[]) => patients.filter(patient => [patient.owner, patient.callsThemselves ?? ''].join('\n').toLowerCase().includes(wanted.trim().toLowerCase()))
  const cards = (patients: Patient[]) => <ul className={classes.patients}>{patients.map(patient => <PatientCard key={patient.account} patient={patient} />)}</ul>
  const soon = open.filter(patient => patient.soon !== null)
  const shown = matching(open)
  if (open.length + over.length === 0) return <div className={classes.none}><EmptyState icon={<IconUsers size={32} />} title={t.none} text={t.noneWhat} /></div>
  return (
    <>
      {soon.length > 0 && <p className={classes.soonBanner}><IconClock size={20} aria-hidden />{t.soon(soon.length)}</p>}
      {open.length + over.length >= searchFrom && (
        <TextInput
          type="search" mb="lg" label={t.search} value={wanted} autoComplete="off" leftSection={<IconSearch size={18} aria-hidden />} onChange={event => { setWanted(event.currentTarget.value) }}
        />
      )}
      {open.length > 0 && <Panel title={t.granted}>{shown.length > 0 ? cards(shown) : <p className={classes.plain}>{t.noMatch}</p>}</Panel>}
      {matching(over).length > 0 && <details className={classes.over} open={open.length === 0}><summary>{t.over(matching(over).length)}</summary>{cards(matching(over))}</details>}
    </>
  )
}

/** Own requests that are not answered, or whose code has not been typed in. */
function Waiting({ requests }: { requests: OutgoingRequest[] }) {
  const { clinician: t } = useText()
  const format = useFormat()
  return (
    <Panel title={t.pending}>
      <ul className={classes.patients}>
        {requests.map(request => (
          <li key={request.request} className={classes.patient}>
            <div>
              <strong>{t.requestOf(format.time(request.createdAt))}</strong>
              <p className={classes.meta}>{request.state === 'approved' ? t.enterCode : t.requestUntil(format.time(request.expires))}</p>
            </div>
            <Button component={Link} href="/requests" size="sm" variant={request.state === 'approved' ? undefined : 'default'}>{t.toRequest}</Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
