import { Button, Loader, Stack } from '@mantine/core'
import { lazy, Suspense, type ReactNode } from 'react'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { Broken } from './Broken'
import { Frame } from './Frame'
import { Sheet } from './Sheet'
import { useSession } from './session'

const Entrance = lazy(() => import('../account/Entrance'))

/** What is shown depends on the account: nothing of it before it is unlocked. */
export function Gate({ children }: { children: ReactNode }) {
  const { shell: t } = useText()
  const { now, takeOver } = useSession()
  switch (now.state) {
    case 'starting':
      return <Sheet><Stack align="center" role="status"><Loader aria-hidden /><PageTitle title={t.starting} text={t.startingText} /></Stack></Sheet>
    case 'elsewhere':
      return <Sheet><PageTitle title={t.elsewhere.title} text={t.elsewhere.text} /><Button fullWidth onClick={takeOver}>{t.elsewhere.takeOver}</Button></Sheet>
    case 'broken':
      return <Broken failure={now.failure} />
    case 'unregistered':
    case 'locked':
      return <Suspense fallback={<Sheet><Loading /></Sheet>}><Entrance /></Suspense>
    case 'unlocked':
      return <Frame>{children}</Frame>
  }
}
