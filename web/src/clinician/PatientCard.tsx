import { Button, Group } from '@mantine/core'
import { Link } from 'wouter'
import { Foreign } from '../parts/Foreign'
import { IconClock } from '../parts/icons'
import { visible } from '../parts/visible'
import { daysLeft } from '../sharing/grants'
import { addressOf } from '../sharing/Sentence'
import { useFormat, useText } from '../text'
import { Filled } from '../text/Filled'
import classes from './clinician.module.css'
import { isNamed, type Patient } from './patients'
import { Permissions } from './Permissions'

/** Somebody whose records are open to this account, or were. */
export function PatientCard({ patient }: { patient: Patient }) {
  const { clinician: t, requests, sharing } = useText()
  const format = useFormat()
  const { account, owner, callsThemselves, grants, deposits, records, soon } = patient
  const address = `/patients/${encodeURIComponent(account)}`
  const name = addressOf(owner, requests)
  const canRead = grants.some(grant => grant.state === 'live')
  const canWrite = isNamed(patient) && deposits.some(deposit => deposit.state === 'live')
  const left = daysLeft(soon, new Date())
  return (
    <li className={classes.patient}>
      <div className={classes.patientWords}>
        <h3><Link href={address} className={classes.name}><Foreign text={name} /></Link></h3>
        {callsThemselves !== null && <p className={classes.meta}><Filled text={t.callsThemselves} parts={{ name: <Foreign text={callsThemselves} /> }} /></p>}
        {canRead && <p className={classes.meta}>{t.records(records.length, format.number(records.length))}{records[0] && `, ${t.newest(format.day(records[0].sealedAt))}`}</p>}
        <Permissions patient={patient} />
        {soon !== null && left !== null && <p className={classes.soon}><IconClock size={16} aria-hidden />{sharing.endsSoon(left)}</p>}
      </div>
      <Group>
        {canRead && <Button component={Link} size="sm" href={address} aria-label={`${t.open}: ${visible(name)}`}>{t.open}</Button>}
        {canWrite && <Button component={Link} size="sm" variant="default" href={`${address}/write`} aria-label={`${t.write}: ${visible(name)}`}>{t.write}</Button>}
      </Group>
    </li>
  )
}
