import { Button } from '@mantine/core'
import { CoreFailure } from '../core/api'
import { asFailure } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { isLoadFailure } from './loadFailure'

/** A screen has made a mistake, or its code did not arrive: that one comes only with a new page. */
export function Stopped({ problem, again }: { problem: Error, again: () => void }) {
  const { shell: t } = useText()
  if (isLoadFailure(problem))
    return (
      <>
        <PageTitle title={t.notLoaded.title} text={t.notLoaded.text}><Button onClick={() => { location.reload() }}>{t.notLoaded.again}</Button></PageTitle>
        <Failure error={new CoreFailure({ kind: 'unreachable', code: '', message: problem.message, party: null })} />
      </>
    )
  return (
    <>
      <PageTitle title={t.crashed.title} text={t.crashed.text}><Button onClick={again}>{t.crashed.again}</Button></PageTitle>
      <Failure error={asFailure(problem)} />
    </>
  )
}
