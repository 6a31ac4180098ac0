import { Button, Stack } from '@mantine/core'
import type { CoreFailure } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { Sheet } from './Sheet'
import { useSession } from './session'

/** Salus cannot start, or has stopped. What this browser keeps can be given up when it is damaged: the account itself is elsewhere. */
export function Broken({ failure }: { failure: CoreFailure }) {
  const { shell: t, settings } = useText()
  const { restart } = useSession()
  const { kind, code } = failure.error
  const words = kind === 'fault' ? t.broken : t.notNow
  return (
    <Sheet>
      <PageTitle title={words.title} text={words.text} />
      <Stack>
        <Failure error={failure} />
        <Button fullWidth onClick={restart}>{t.broken.again}</Button>
        {code === 'damaged-profile' && <Forget label={settings.leave.forget} onDone={restart} />}
      </Stack>
    </Sheet>
  )
}

function Forget({ label, onDone }: { label: string, onDone: () => void }) {
  const { run, running, failure } = useAction('logout')
  return (
    <>
      {failure && <Failure error={failure} />}
      <Button fullWidth variant="light" color="red" loading={running} onClick={() => { void run({ everywhere: false, forget: true }).then(done => { if (done) onDone() }) }}>{label}</Button>
    </>
  )
}
