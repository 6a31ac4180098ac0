import { Button, Group } from '@mantine/core'
import { Link } from 'wouter'
import { Foreign } from '../parts/Foreign'
import { IconClock } from '../parts/icons'
import { visible } from '../parts/visible'
import { daysLeft } from '../sharing/grants'
import { useFormat, useText } from '../text'
import classes from './clinician.module.css'
import type { Patient } from './patients'
import { Permissions } from './Permissions'

/** Somebody whose records are open to this account, or were. */
export function PatientCard({ patient }: { patient: Patient }) {
  const { clinician: t, sharing } = useText()
  const format = useFormat()
  const { mail, grants, deposits, records, soon } = patient
  const address = `/patients/${encodeURIComponent(mail)}`
  const canRead = grants.some(grant => grant.state === 'live')
  const canWrite = deposits.some(deposit => deposit.state === 'live')
  const left = daysLeft(soon, new Date())
  return (
    <li className={classes.patient}>
      <div className={classes.patientWords}>
        <h3><Link href={address} className={classes.name}><Foreign text={mail} /></Link></h3>
        {canRead && <p className={classes.meta}>{t.records(records.length, format.number(records.length))}{records[0] && `, ${t.newest(format.day(records[0].sealedAt))}`}</p>}
        <Permissions patient={patient} />
        {soon !== null && left !== null && <p className={classes.soon}><IconClock size={16} aria-hidden />{sharing.endsSoon(left)}</p>}
      </div>
      <Group>
        {canRead && <Button component={Link} size="sm" href={address} aria-label={`${t.open}: ${visible(mail)}`}>{t.open}</Button>}
        {canWrite && <Button component={Link} size="sm" variant="default" href={`${address}/write`} aria-label={`${t.write}: ${visible(mail)}`}>{t.write}</Button>}
      </Group>
    </li>
  )
}
