import { Button, Stack, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { CoreFailure } from '../core/api'
import { Failure } from '../parts/Failure'
import { useText } from '../text'

interface Props {
  label: string
  text: string
  mail: string
  onMail: (mail: string) => void
  onSend: () => void
  running: boolean
  failure: CoreFailure | null
  /** Fields below the address. */
  children?: ReactNode
  ready?: boolean
}

/** Asks for the mail address and has a code sent to it. */
export function MailStep({ label, text, mail, onMail, onSend, running, failure, children, ready = true }: Props) {
  const { account: t } = useText()
  const [visited, setVisited] = useState(false)
  const possible = /^[^\s@]+@[^\s@]+$/.test(mail.trim())
  return (
    <form onSubmit={event => { event.preventDefault(); setVisited(true); if (possible && ready) onSend() }} noValidate>
      <Stack>
        <TextInput
          label={label} description={text} type="email" autoComplete="email" inputMode="email" value={mail} required withAsterisk={false}
          onChange={event => { onMail(event.currentTarget.value) }} onBlur={() => { if (mail) setVisited(true) }}
          error={visited && !possible ? t.badMail : undefined}
        />
        {children}
        {failure && <Failure error={failure} />}
        <Button type="submit" loading={running}>{t.mailCode}</Button>
      </Stack>
    </form>
  )
}
