import { PasswordInput } from '@mantine/core'
import { useId } from 'react'
import { useText } from '../text'
import classes from './SecretInput.module.css'
import { strengthOf, type Strength } from './strength'

interface Props {
  label: string
  description?: string
  value: string
  onChange: (value: string) => void
  error?: string | null
  /** `new-password` where one is made: shows how strong it looks. */
  autoComplete: 'current-password' | 'new-password' | 'off'
  autoFocus?: boolean
}

const bars: Record<Strength, number> = { none: 0, short: 1, fair: 2, good: 3 }

/** A passphrase or another secret, hidden until revealed. */
export function SecretInput({ label, description, value, onChange, error, autoComplete, autoFocus }: Props) {
  const { shell: t } = useText()
  const id = useId()
  const strength = strengthOf(value)
  const isNew = autoComplete === 'new-password'
  return (
    <div>
      <PasswordInput
        label={label}
        description={description}
        value={value}
        onChange={event => { onChange(event.currentTarget.value) }}
        error={error}
        autoComplete={autoComplete}
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        data-autofocus={autoFocus || undefined}
        autoFocus={autoFocus}
        required
        withAsterisk={false}
        aria-describedby={isNew ? id : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t.reveal, tabIndex: 0 }}
      />
      {isNew && (
        <div className={classes.strength} data-strength={strength}>
          <span className={classes.bars} aria-hidden>{[1, 2, 3].map(bar => <span key={bar} data-on={bar <= bars[strength] || undefined} />)}</span>
          <span id={id} role="status">{t.strength[strength]}</span>
        </div>
      )}
    </div>
  )
}
