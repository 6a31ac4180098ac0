import { UnstyledButton } from '@mantine/core'
import { IconFingerprint, IconKey } from '../parts/icons'
import { useText } from '../text'
import classes from './account.module.css'
import { passkeysPossible } from './passkey'

/** Passkey or passphrase; the passkey first where the browser can. */
export function MethodStep({ disabled, onPasskey, onPassphrase }: { disabled: boolean, onPasskey: () => void, onPassphrase: () => void }) {
  const { account: { method: t } } = useText()
  const possible = passkeysPossible()
  return (
    <div className={classes.choices}>
      <UnstyledButton className={classes.choice} disabled={disabled || !possible} onClick={onPasskey}>
        <strong><IconFingerprint size={22} aria-hidden />{t.passkey}</strong>
        <span>{possible ? t.passkeyText : t.impossible}</span>
      </UnstyledButton>
      <UnstyledButton className={classes.choice} disabled={disabled} onClick={onPassphrase}>
        <strong><IconKey size={22} aria-hidden />{t.passphrase}</strong>
        <span>{t.passphraseText}</span>
      </UnstyledButton>
    </div>
  )
}
