import { useLocation } from 'wouter'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { useText } from '../text'
import { useIdentity, useSession } from '../shell/session'
import { LogInForm } from './LogInForm'

/** A new session at the cloud while the account is unlocked. */
export default function LoginAgain() {
  const { account: { logIn: t } } = useText()
  const { mail } = useIdentity()
  const { opened } = useSession()
  const [, go] = useLocation()
  return (
    <>
      <PageTitle title={t.again} text={t.againText} />
      <Panel><LogInForm known={mail} onDone={identity => { opened(identity); go('/') }} /></Panel>
    </>
  )
}
