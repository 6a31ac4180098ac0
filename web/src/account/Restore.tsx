import { Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { PendingCode } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { Sheet } from '../shell/Sheet'
import { useSession } from '../shell/session'
import { codeLength } from './code'
import { CodeInput } from './CodeInput'
import { deviceName } from './device'
import { kitFault, kitLength } from './kit'
import { MailStep } from './MailStep'
import { NewPassphrase } from './NewPassphrase'
import { WayBack } from './WayBack'

/** Opens an account with its recovery kit, a code by mail, and a new passphrase. */
export function Restore({ known, onBack }: { known?: string, onBack: () => void }) {
  const t = useText().account
  const { opened } = useSession()
  const [mail, setMail] = useState(known ?? '')
  const [pending, setPending] = useState<PendingCode | null>(null)
  const [code, setCode] = useState('')
  const [kit, setKit] = useState('')
  const [visited, setVisited] = useState(false)
  const start = useAction('login.start')
  const restore = useAction('recovery.restore')
  const fault = kitFault(kit)
  const send = async () => {
    const sent = await start.run({ mail: mail.trim() })
    if (!sent) return
    setPending(sent)
    setCode('')
    restore.clear()
  }
  const finish = async (passphrase: string) => {
    setVisited(true)
    if (!pending || fault !== 'none' || code.length !== codeLength) return
    const identity = await restore.run({ pending, code, kit, passphrase, device: deviceName(navigator.userAgent) })
    if (identity) opened(identity)
  }
  return (
    <Sheet below={<WayBack onBack={onBack} />}>
      <PageTitle title={t.restore.title} text={t.restore.text} />
      {pending
        ? <Stack>
            <CodeInput mail={mail.trim()} code={code} onCode={setCode} onAgain={() => { void send() }} onOtherMail={() => { setPending(null) }} />
            <Textarea
              label={t.restore.kit} description={t.restore.kitText} value={kit} rows={3} autoComplete="off" autoCapitalize="characters" spellCheck={false} required withAsterisk={false}
              onChange={event => { setKit(event.currentTarget.value) }} onBlur={() => { if (kit) setVisited(true) }}
              error={!visited || fault === 'none' ? undefined : fault === 'character' ? t.restore.character : t.restore.length(kitLength(kit))}
            />
            <NewPassphrase action={t.restore.action} running={restore.running} mail={mail} onChosen={passphrase => { void finish(passphrase) }}>
              {(restore.failure ?? start.failure) && <Failure error={(restore.failure ?? start.failure)!} />}
            </NewPassphrase>
          </Stack>
        : <MailStep label={t.signUp.mail} text="" mail={mail} onMail={setMail} onSend={() => { void send() }} running={start.running} failure={start.failure} />}
    </Sheet>
  )
}
