import type { ReceivedDeposit, ReceivedGrant } from '../core/api'
import { isOver } from '../sharing/grants'
import { Sentence } from '../sharing/Sentence'
import { useText } from '../text'
import classes from './clinician.module.css'
import type { Patient } from './patients'

/** What a patient has granted, each in a sentence with its state. */
export function Permissions({ patient: { owner, grants, deposits } }: { patient: Patient }) {
  const { common, sharing: t } = useText()
  const now = new Date()
  const sentenceOf = (permission: ReceivedGrant | ReceivedDeposit) => isOver(permission)
    ? ('role' in permission ? t.receivedOverSentence : t.receivedDepositOverSentence)
    : 'role' in permission ? t.receivedSentence : t.receivedDepositSentence
  return (
    <ul className={classes.permissions}>
      {[...grants, ...deposits].map(permission => (
        <li key={permission.grant} data-state={permission.state}>
          <Sentence text={sentenceOf(permission)} said={{ ...permission, mail: owner }} now={now} />
          {' '}{permission.state !== 'live' && <span className={classes.badge}>{common.states[permission.state]}</span>}
        </li>
      ))}
    </ul>
  )
}
