import { Button } from '@mantine/core'
import { useContext, useEffect, useState } from 'react'
import type { IncomingRequest } from '../core/api'
import { CoreContext, useOperation } from '../core/useCore'
import { useRefresh } from '../home/useRefresh'
import { Failure } from '../parts/Failure'
import { IconPhone } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { useQuery } from '../shell/place'
import { useText } from '../text'
import { Answering } from './Answering'
import { AskForm } from './AskForm'
import { pendingOf } from './asking'
import { Incoming } from './Incoming'
import { Outgoing } from './Outgoing'
import { tellPending } from './usePendingRequests'

/** Requests for access by telephone number: those made to this account, with what they may be answered by, and its own. `?ask` begins a new one. */
export default function RequestsScreen() {
  const { requests: t } = useText()
  const core = useContext(CoreContext)
  const link = useQuery()
  const [asking, setAsking] = useState(link.has('ask'))
  const [answering, setAnswering] = useState<IncomingRequest | null>(null)
  const all = useOperation('requests', {})
  const { data } = all
  useRefresh(all.reload)
  useEffect(() => { if (core && data) tellPending(core, pendingOf(data.incoming).length) }, [core, data])
  if (answering) return <Answering request={answering} onDone={() => { setAnswering(null); all.reload() }} />
  return (
    <>
      <PageTitle title={t.title} text={t.intro}>
        {!asking && <Button variant="default" leftSection={<IconPhone size={18} aria-hidden />} onClick={() => { setAsking(true) }}>{t.ask}</Button>}
      </PageTitle>
      {asking && <AskForm onClose={() => { setAsking(false) }} onSent={all.reload} />}
      {all.state === 'failed' && <Failure error={all.failure} onRetry={all.reload} />}
      {all.state === 'loading' && !data && <Loading />}
      {data && (
        <>
          <Incoming requests={data.incoming} onAnswer={setAnswering} onDenied={all.reload} />
          <Outgoing requests={data.outgoing} onClaimed={all.reload} />
        </>
      )}
    </>
  )
}
