import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import type { RecordSummary } from '../core/api'
import { useAction } from '../core/useCore'
import { Confirm } from '../parts/Confirm'
import { IconTrash } from '../parts/icons'
import { SecretInput } from '../parts/SecretInput'
import { useText } from '../text'

/** Deletes a record after saying what that means. */
export function DeleteRecord({ record, knownKey, onDeleted }: { record: RecordSummary, knownKey: string | null, onDeleted: (unreached: string[]) => void }) {
  const { records: t } = useText()
  const [asking, setAsking] = useState(false)
  const [key, setKey] = useState('')
  const { run, running, failure, clear } = useAction('delete')
  const confirm = async () => {
    const done = await run({ record: record.record, sequenceKey: record.needsSequenceKey ? knownKey ?? key : null })
    if (done) onDeleted(done.unreached)
  }
  return (
    <>
      <Button variant="default" onClick={() => { clear(); setAsking(true) }} leftSection={<IconTrash size={18} aria-hidden />}>{t.remove}</Button>
      <Confirm opened={asking} title={t.removeTitle} action={t.remove} dangerous running={running} failure={failure} onConfirm={() => { void confirm() }} onClose={() => { setAsking(false) }}>
        <Text>{t.removeText}</Text>
        <Text c="dimmed">{t.removeShared}</Text>
        {record.needsSequenceKey && !knownKey && <SecretInput label={t.keyLabel} description={t.keyDelete} value={key} onChange={setKey} autoComplete="off" />}
      </Confirm>
    </>
  )
}
