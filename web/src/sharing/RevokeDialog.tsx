import { Button, Group, Modal } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Deposit, Grant, Revoked } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { partitionName } from '../parts/partitionName'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import { enoughReceipts, isGrant, trustees } from './grants'
import { Sentence } from './Sentence'
import classes from './sharing.module.css'

interface Props { permission: Grant | Deposit, onClose: () => void, onRevoked: () => void }

/** Ends a permission: what that does and cannot do, and then who has signed. */
export function RevokeDialog({ permission, onClose, onRevoked }: Props) {
  const t = useText()
  const { sharing } = t
  const revoke = useAction('revoke')
  const [revoked, setRevoked] = useState<Revoked | null>(null)
  // It is taken away as soon as it is closed, so it gives the focus back itself.
  const opener = useRef(document.activeElement)
  useEffect(() => () => { if (opener.current instanceof HTMLElement) opener.current.focus() }, [])
  const grants = isGrant(permission)
  const run = () => {
    void revoke.run({ grant: permission.grant }).then(outcome => {
      setRevoked(outcome)
      onRevoked()
    })
  }
  const title = !revoked ? sharing.revokeTitle : !grants || revoked.receipts >= enoughReceipts ? sharing.revoked : sharing.revokedFew
  return (
    <Modal opened onClose={onClose} withCloseButton={false} size="lg" closeOnEscape={!revoke.running} closeOnClickOutside={!revoke.running}>
      <div className={classes.dialog}>
        <Modal.Title className={classes.dialogTitle}>{title}</Modal.Title>
        {revoked ? <Outcome revoked={revoked} grants={grants} /> : (
          <>
            <p><Sentence text={grants ? sharing.grantSentence : sharing.depositSentence} said={{ ...permission, mail: permission.to }} now={new Date()} /></p>
            <h3>{sharing.revokeDoes}</h3>
            <ul>{(grants ? sharing.revokeDoesGrant : sharing.revokeDoesDeposit).map(text => <li key={text}>{text}</li>)}</ul>
            <h3>{sharing.revokeCannot}</h3>
            <ul>{(grants ? sharing.revokeCannotGrant : sharing.revokeCannotDeposit).map(text => <li key={text}>{text}</li>)}</ul>
          </>
        )}
        {revoke.running && <ProgressLine label={grants ? sharing.revoking : sharing.revokingDeposit} part={null} />}
        {revoke.failure && <Failure error={revoke.failure} />}
        <Group justify="flex-end">
          {revoked && grants && revoked.receipts < trustees && <Button variant="default" loading={revoke.running} onClick={run}>{sharing.askAgain}</Button>}
          {revoked
            ? <Button onClick={onClose} data-autofocus>{t.common.close}</Button>
            : (
              <>
                <Button variant="default" onClick={onClose} disabled={revoke.running} data-autofocus>{t.common.cancel}</Button>
                <Button color="red" loading={revoke.running} onClick={run}>{sharing.revokeAction}</Button>
              </>
            )}
        </Group>
      </div>
    </Modal>
  )
}

function Outcome({ revoked, grants }: { revoked: Revoked, grants: boolean }) {
  const { common, sharing: t } = useText()
  const format = useFormat()
  return (
    <div role="status">
      {grants && <Receipts receipts={revoked.receipts} />}
      {revoked.pending.length > 0 && <p>{t.pending(format.list(revoked.pending.map(visible)))}</p>}
      {revoked.partitions.length > 0 && <p>{t.moved(format.list(revoked.partitions.map(name => partitionName(common, name))))}</p>}
      {revoked.rekeyed > 0 && <p>{t.rekeyed(revoked.rekeyed, format.number(revoked.rekeyed))}</p>}
    </div>
  )
}

/** "2 of 3 trustees have signed", drawn as well. */
export function Receipts({ receipts }: { receipts: number }) {
  const { sharing: t } = useText()
  const format = useFormat()
  return (
    <div className={classes.receipts} data-enough={receipts >= enoughReceipts || undefined}>
      <span className={classes.dots} aria-hidden>{Array.from({ length: trustees }, (_, at) => <span key={at} data-signed={at < receipts || undefined} />)}</span>
      <span>{t.receipts(format.number(receipts), format.number(trustees))}{receipts < enoughReceipts && <><br />{t.tooFewReceipts}</>}</span>
    </div>
  )
}
