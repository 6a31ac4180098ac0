import { useText } from '../text'
import { CopyButton } from './CopyButton'
import classes from './Fingerprint.module.css'
import { groupsOf } from './fingerprint'
import { QrCode } from './QrCode'

interface Props {
  fingerprint: string
  /** Whose it is: "Fingerprint of lab@example.org". */
  label: string
  withQr?: boolean
}

/** A fingerprint to compare with a person: 12 groups of five digits, to read aloud, to copy, and as a QR code. */
export function Fingerprint({ fingerprint, label, withQr = false }: Props) {
  const { shell: t } = useText()
  const groups = groupsOf(fingerprint) ?? [fingerprint]
  return (
    <div className={classes.whole}>
      <div className={classes.text}>
        <p className={classes.label}>{label}</p>
        <ol className={classes.groups} aria-label={label}>{groups.map((group, at) => <li key={at}>{group}</li>)}</ol>
        <CopyButton text={groups.join(' ')} label={t.copyFingerprint} />
      </div>
      {withQr && <QrCode text={groups.join('')} label={t.qrOf(label)} />}
    </div>
  )
}
