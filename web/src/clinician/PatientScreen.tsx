import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Link, useParams } from 'wouter'
import type { RecordSummary } from '../core/api'
import { useOperation } from '../core/useCore'
import { MonthList } from '../home/MonthList'
import { byMonth } from '../home/timeline'
import { useRefresh } from '../home/useRefresh'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconEdit, IconFileText, IconUpload } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { partitionName } from '../parts/partitionName'
import { visible } from '../parts/visible'
import { Answer } from '../search/Answer'
import { SearchForm } from '../search/SearchForm'
import { firstLimit, useFind } from '../search/useFind'
import { isOver } from '../sharing/grants'
import { addressOf } from '../sharing/Sentence'
import { useIdentity } from '../shell/session'
import { useFormat, useText } from '../text'
import classes from './clinician.module.css'
import { isNamed, patientOf, type Patient } from './patients'
import { Permissions } from './Permissions'
import { Unnamed } from './Unnamed'

/** One patient: what this account may do and until when, and the records that are open to it, with a search within them. */
export default function PatientScreen() {
  const { clinician: t, requests } = useText()
  const { account = '' } = useParams<{ account: string }>()
  const shared = useOperation('shared', {})
  useRefresh(shared.reload)
  const patient = useMemo(() => shared.data && patientOf(shared.data, account, new Date()), [shared.data, account])
  const isKnown = patient !== undefined && patient.grants.length + patient.deposits.length > 0
  const canWrite = patient && isNamed(patient) && patient.deposits.some(deposit => deposit.state === 'live')
  const owner = patient?.owner ?? account
  const address = `/patients/${encodeURIComponent(account)}`
  return (
    <>
      <PageTitle title={t.patient(visible(addressOf(owner, requests)))}>
        <Button component={Link} href="/patients" variant="default">{t.back}</Button>
        {canWrite && <Button component={Link} href={`${address}/write`} leftSection={<IconEdit size={18} aria-hidden />}>{t.write}</Button>}
        {canWrite && <Button component={Link} href={`/add?for=${encodeURIComponent(owner)}`} variant="default" leftSection={<IconUpload size={18} aria-hidden />}>{t.file}</Button>}
      </PageTitle>
      {shared.state === 'failed' && <Failure error={shared.failure} onRetry={shared.reload} />}
      {shared.state === 'loading' && !patient && <Loading />}
      {patient && !isKnown && <EmptyState title={t.noSuch} text={t.noSuchWhat} />}
      {patient && isKnown && (
        <>
          {!isNamed(patient) && <Unnamed callsThemselves={patient.callsThemselves} onLookedUp={shared.reload} />}
          <Panel title={t.may} text={patient.isOpen ? undefined : t.mayNothing}><Permissions patient={open(patient)} /></Panel>
          {patient.grants.some(grant => grant.state === 'live') ? <Records key={account} patient={patient} /> : canWrite && <p>{t.onlyAdd}</p>}
        </>
      )}
    </>
  )
}

/** What is open, or, when nothing is, all of it. */
function open(patient: Patient): Patient {
  return patient.isOpen ? { ...patient, grants: patient.grants.filter(grant => !isOver(grant)), deposits: patient.deposits.filter(deposit => !isOver(deposit)) } : patient
}

function Records({ patient: { account, owner, records } }: { patient: Patient }) {
  const { clinician: t, common } = useText()
  const own = useIdentity()
  const format = useFormat()
  const find = useFind(account)
  const { search, type, ask, cancel } = find
  const [partition, setPartition] = useState<string | null>(null)
  const partitions = [...new Set(records.map(record => record.partition))].sort()
  const shown: RecordSummary[] = partition === null ? records : records.filter(record => record.partition === partition)
  const months = useMemo(() => byMonth(shown), [shown])
  return (
    <>
      <div className={classes.within}>
        <SearchForm typed={search.typed} onType={type} onAsk={query => { ask({ query, owner: account, limit: firstLimit }) }} onStop={cancel} running={search.running} label={t.searchWithin} />
        <Answer find={find} own={own.account} within={owner} />
      </div>
      {records.length === 0 && <EmptyState icon={<IconFileText size={32} />} title={t.empty} text={t.emptyWhat} />}
      {partitions.length > 1 && (
        <div role="group" aria-label={t.partition} className={classes.filter}>
          {[null, ...partitions].map(name => (
            <Button key={name} size="compact-md" variant={name === partition ? 'filled' : 'default'} aria-pressed={name === partition} onClick={() => { setPartition(name) }}>
              {name === null ? t.everything : partitionName(common, name)}
            </Button>
          ))}
        </div>
      )}
      {records.length > 0 && <p role="status" className={classes.meta}>{t.shown(shown.length, format.number(shown.length))}</p>}
      {months.map(month => <MonthList key={month.key} month={month} account={own.account} isNew={() => false} />)}
    </>
  )
}
