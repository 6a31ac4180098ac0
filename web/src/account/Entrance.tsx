import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { Sheet } from '../shell/Sheet'
import { useSession } from '../shell/session'
import { LogInForm } from './LogInForm'
import { Restore } from './Restore'
import { SignUp } from './SignUp'
import { Unlock } from './Unlock'
import { WayBack } from './WayBack'

type Way = 'welcome' | 'signUp' | 'logIn' | 'restore'

/** Everything before an account is open: make one, log in, unlock, restore. */
export default function Entrance() {
  const t = useText().account
  const { now, opened } = useSession()
  const [way, setWay] = useState<Way>('welcome')
  const back = () => { setWay('welcome') }
  const profile = now.state === 'locked' ? now.profile : null
  if (way === 'restore') return <Restore key="restore" known={profile?.mail} onBack={back} />
  if (now.state === 'locked') return <Unlock key="unlock" profile={now.profile} why={now.why} onRestore={() => { setWay('restore') }} />
  if (way === 'signUp') return <SignUp key="signUp" onBack={back} />
  if (way === 'logIn')
    return (
      <Sheet key="logIn" below={<WayBack onBack={back} />}>
        <PageTitle title={t.logIn.title} text={t.logIn.text} />
        <LogInForm onDone={opened} />
      </Sheet>
    )
  return (
    <Sheet key="welcome">
      <PageTitle title={t.welcome.title} text={t.welcome.text} />
      <Stack>
        <Button size="lg" onClick={() => { setWay('signUp') }}>{t.welcome.signUp}</Button>
        <Button size="lg" variant="default" onClick={() => { setWay('logIn') }}>{t.welcome.logIn}</Button>
        <Button variant="subtle" onClick={() => { setWay('restore') }}>{t.welcome.restore}</Button>
      </Stack>
    </Sheet>
  )
}
