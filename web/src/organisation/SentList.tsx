import { Foreign } from '../parts/Foreign'
import { Panel } from '../parts/Panel'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import { Filled } from '../text/Filled'
import classes from './organisation.module.css'
import { useSent } from './sent'

/** What was sent to patients since the account was unlocked. */
export function SentList() {
  const { organisation: t } = useText()
  const format = useFormat()
  const sent = useSent()
  return (
    <Panel title={t.sent} text={sent.length === 0 ? t.noneSent : t.sentHint}>
      {sent.length > 0 && (
        <ul className={classes.sent}>
          {sent.map(one => (
            <li key={one.id}>
              <strong><Foreign text={one.what} /></strong>
              <span><Filled text={t.to} parts={{ patient: <Foreign text={one.patient} /> }} /></span>
              <span className={classes.when}>{t.sentAt(format.time(one.at))}{one.missing.length > 0 && `, ${t.missing(format.list(one.missing.map(visible)))}`}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
