import { Button, Stack } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { SecretInput } from '../parts/SecretInput'
import { strengthOf } from '../parts/strength'
import { useText } from '../text'

interface Props {
  action: string
  running: boolean
  onChosen: (passphrase: string) => void
  /** Fields above: a password manager takes the nearest one as the name. */
  mail?: string
  /** Above the button: a failure. */
  children?: ReactNode
}

/** A new passphrase, typed twice. */
export function NewPassphrase({ action, running, onChosen, mail, children }: Props) {
  const { account: { passphrase: t } } = useText()
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [sent, setSent] = useState(false)
  const short = ['none', 'short'].includes(strengthOf(first))
  const differs = first !== second
  const submit = () => {
    setSent(true)
    if (!short && !differs) onChosen(first)
  }
  return (
    <form onSubmit={event => { event.preventDefault(); submit() }} noValidate>
      <Stack>
        {mail && <input type="text" name="username" autoComplete="username" value={mail} readOnly hidden />}
        <SecretInput label={t.label} value={first} onChange={setFirst} autoComplete="new-password" error={sent && short ? t.tooShort : null} />
        <SecretInput label={t.again} value={second} onChange={setSecond} autoComplete="off" error={sent && !short && differs ? t.differs : null} />
        {children}
        <Button type="submit" loading={running}>{action}</Button>
      </Stack>
    </form>
  )
}
