import { Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Identity, PendingCode } from '../core/api'
import { useAction } from '../core/useCore'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { Sheet } from '../shell/Sheet'
import { useSession } from '../shell/session'
import classes from './account.module.css'
import { codeLength } from './code'
import { CodeInput } from './CodeInput'
import { deviceName } from './device'
import { Failure } from '../parts/Failure'
import { KitSteps } from './KitSteps'
import { MailStep } from './MailStep'
import { MethodStep } from './MethodStep'
import { FirstPasskey } from './FirstPasskey'
import { NewPassphrase } from './NewPassphrase'
import { WayBack } from './WayBack'
import { afterCreation, afterKit, position, steps, type Step } from './signUpSteps'

/** Mail address and for whom → code and how to unlock → passphrase → recovery kit, proven; or → recovery kit, proven → passkey. */
export function SignUp({ onBack }: { onBack: () => void }) {
  const t = useText().account
  const { opened } = useSession()
  const [step, setStep] = useState<Step>('mail')
  const [mail, setMail] = useState('')
  const [isOrganisation, setIsOrganisation] = useState(false)
  const [organisation, setOrganisation] = useState('')
  const [pending, setPending] = useState<PendingCode | null>(null)
  const [code, setCode] = useState('')
  const [hasPassphrase, setHasPassphrase] = useState(false)
  const [made, setMade] = useState<{ identity: Identity, kit: string } | null>(null)
  const start = useAction('register.start')
  const complete = useAction('register.complete')

  const send = async () => {
    const sent = await start.run({ mail: mail.trim() })
    if (!sent) return
    setPending(sent)
    setCode('')
    complete.clear()
    setStep('method')
  }
  const create = async (passphrase: string | null) => {
    if (!pending) return
    const answer = await complete.run({ pending, code, organisation: isOrganisation ? organisation.trim().replace(/\s+/g, ' ') : null, passphrase, device: deviceName(navigator.userAgent) })
    if (!answer) {
      setStep('method')
      return
    }
    setMade(answer)
    setHasPassphrase(passphrase !== null)
    setStep(afterCreation)
  }
  const place = t.signUp.steps(position(step, hasPassphrase), steps)
  const told = <p className={classes.step}>{place}</p>

  if (step === 'kit' && made)
    return (
      <Sheet key={step} wide>
        <KitSteps
          kit={made.kit} mail={made.identity.mail} step={place} last={hasPassphrase}
          onProven={() => { const next = afterKit(hasPassphrase); if (next) setStep(next); else opened(made.identity) }}
        />
      </Sheet>
    )
  if (step === 'passkey' && made)
    return <Sheet key={step}>{told}<FirstPasskey onDone={() => { opened(made.identity) }} mail={made.identity.mail} /></Sheet>
  if (step === 'passphrase')
    return (
      <Sheet key={step} below={<WayBack onBack={() => { setStep('method') }} />}>
        {told}
        <PageTitle title={t.passphrase.title} text={t.passphrase.text} />
        <NewPassphrase action={t.passphrase.create} running={complete.running} onChosen={passphrase => { void create(passphrase) }} mail={mail.trim()}>
          {complete.running && <p className={classes.note} role="status">{t.creating}</p>}
        </NewPassphrase>
      </Sheet>
    )
  if (step === 'method' && pending)
    return (
      <Sheet key={step} below={<WayBack onBack={() => { setStep('mail') }} />}>
        {told}
        <PageTitle title={t.method.title} text={t.method.text} />
        <Stack gap="lg">
          <CodeInput mail={mail.trim()} code={code} onCode={setCode} onAgain={() => { void send() }} onOtherMail={() => { setStep('mail') }} />
          <MethodStep
            disabled={code.length !== codeLength || complete.running} onPasskey={() => { void create(null) }}
            onPassphrase={() => { complete.clear(); setStep('passphrase') }}
          />
          {complete.running && <p className={classes.note} role="status">{t.creating}</p>}
          {(complete.failure ?? start.failure) && <Failure error={(complete.failure ?? start.failure)!} />}
        </Stack>
      </Sheet>
    )
  return (
    <Sheet key={step} below={<WayBack onBack={onBack} />}>
      {told}
      <PageTitle title={t.signUp.title} />
      <MailStep
        label={t.signUp.mail} text={t.mailText} mail={mail} onMail={setMail} onSend={() => { void send() }} running={start.running} failure={start.failure}
        ready={!isOrganisation || organisation.trim() !== ''}
      >
        <Radio.Group label={t.kind.label} value={isOrganisation ? 'organisation' : 'person'} onChange={value => { setIsOrganisation(value === 'organisation') }}>
          <Stack gap="xs" mt="xs">
            <Radio value="person" label={t.kind.person} />
            <Radio value="organisation" label={t.kind.organisation} />
          </Stack>
        </Radio.Group>
        {isOrganisation && (
          <TextInput
            label={t.kind.name} description={t.kind.nameText} value={organisation} maxLength={80} autoComplete="organization" required withAsterisk={false}
            onChange={event => { setOrganisation(event.currentTarget.value) }}
          />
        )}
      </MailStep>
    </Sheet>
  )
}
