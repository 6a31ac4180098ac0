import { Button } from '@mantine/core'
import type { Deposit, Grant } from '../core/api'
import { IconClock } from '../parts/icons'
import { visible } from '../parts/visible'
import { useText } from '../text'
import { daysLeft, endsSoon, isGrant, isOver, isUnfinished } from './grants'
import { Receipts } from './RevokeDialog'
import { Sentence } from './Sentence'
import classes from './sharing.module.css'

interface Props { permission: Grant | Deposit, now: Date, onRevoke: (permission: Grant | Deposit) => void }

/** One permission that the owner has given, in a sentence, with its state and the way to end it. */
export function PermissionCard({ permission, now, onRevoke }: Props) {
  const { common, sharing: t } = useText()
  const grants = isGrant(permission)
  const left = daysLeft(permission.until, now)
  const text = isOver(permission) ? (grants ? t.grantOverSentence : t.depositOverSentence) : grants ? t.grantSentence : t.depositSentence
  const again = grants && isUnfinished(permission)
  return (
    <li className={classes.card} data-over={isOver(permission) || undefined}>
      <div className={classes.cardWords}>
        <p><Sentence text={text} said={{ ...permission, mail: permission.to }} now={now} /></p>
        <p className={classes.state}>
          <span className={classes.badge} data-state={permission.state}>{common.states[permission.state]}</span>
          {endsSoon(permission, now) && left !== null && <span className={classes.soon}><IconClock size={16} aria-hidden />{t.endsSoon(left)}</span>}
        </p>
        {grants && permission.state === 'revoked' && <Receipts receipts={permission.receipts} />}
      </div>
      {(!isOver(permission) || again) && (
        <Button variant="default" size="sm" aria-label={again ? undefined : t.revokeOf(visible(permission.to))} onClick={() => { onRevoke(permission) }}>{again ? t.askAgain : t.revoke}</Button>
      )}
    </li>
  )
}
