import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import type { CoreFailure } from '../core/api'
import { Failure } from '../parts/Failure'
import { Panel } from '../parts/Panel'
import { SecretInput } from '../parts/SecretInput'
import { useText } from '../text'

/** Asks for the sequence key that the owner holds. */
export function SequenceKeyForm({ failure, onKey }: { failure: CoreFailure | null, onKey: (key: string) => void }) {
  const { records: t } = useText()
  const [key, setKey] = useState('')
  return (
    <Panel title={t.keyTitle} text={t.keyText}>
      <form onSubmit={event => { event.preventDefault(); if (key) onKey(key) }}>
        <Stack>
          <SecretInput label={t.keyLabel} value={key} onChange={setKey} autoComplete="off" />
          {failure && <Failure error={failure} />}
          <div><Button type="submit" disabled={key === ''}>{t.keyOpen}</Button></div>
        </Stack>
      </form>
    </Panel>
  )
}
