import { useOperation } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Loading } from '../parts/Loading'
import { useText } from '../text'

/** How this page stands to the log. */
export function LoggedPage({ manifest, own }: { manifest: string, own: boolean }) {
  const { settings: { about: t } } = useText()
  const checked = useOperation('page.check', { manifest, key: SALUS_PAGE_KEY, own })
  if (checked.state === 'failed') return <Failure error={checked.failure} onRetry={checked.reload} />
  return checked.data ? <>{t.standing[checked.data.standing]}</> : <Loading />
}
