import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { IconAlertOctagon } from '../parts/icons'
import { useSession } from '../shell/session'
import { useText } from '../text'
import classes from './AlarmCard.module.css'
import { blocksSharing } from './severity'

/** Whether an alarm keeps from sharing now. */
export const useSharingBlocked = (): boolean => blocksSharing(useSession().alarms)

/** Says so, and where to go. */
export function SharingBlocked() {
  const { alarms: t } = useText()
  if (!useSharingBlocked()) return null
  return (
    <div className={classes.card} data-severity="serious" role="alert">
      <div className={classes.head}>
        <IconAlertOctagon size={24} aria-hidden className={classes.icon} />
        <strong>{t.blocked}</strong>
      </div>
      <p>{t.blockedText} <Anchor component={Link} href="/alarms" underline="always">{t.toAlarms}</Anchor></p>
    </div>
  )
}
