import { Button } from '@mantine/core'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { Panel } from '../parts/Panel'
import { useText } from '../text'
import { Filled } from '../text/Filled'

/** Somebody whose address is not pinned: what they call themselves, apart from who they are, and the way to find out whether the address is theirs. */
export function Unnamed({ callsThemselves, onLookedUp }: { callsThemselves: string | null, onLookedUp: () => void }) {
  const { clinician: t } = useText()
  const lookUp = useAction('contacts.resolve')
  return (
    <Panel title={t.unnamed} text={t.unnamedWhat}>
      {callsThemselves !== null && (
        <>
          <p><Filled text={t.callsThemselves} parts={{ name: <Foreign text={callsThemselves} /> }} /></p>
          {lookUp.failure && <Failure error={lookUp.failure} />}
          <Button
            variant="default" loading={lookUp.running}
            onClick={() => { void lookUp.run({ mail: callsThemselves }).then(found => { if (found) onLookedUp() }) }}
          >
            {t.lookUp}
          </Button>
        </>
      )}
    </Panel>
  )
}
