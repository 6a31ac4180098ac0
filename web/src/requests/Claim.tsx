import { Button, Group, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { Link } from 'wouter'
import type { AnswerOf } from '../core/api'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { partitionName } from '../parts/partitionName'
import { ProgressLine } from '../parts/ProgressLine'
import { visible } from '../parts/visible'
import { addressOf } from '../sharing/Sentence'
import { useFormat, useText } from '../text'
import { Filled } from '../text/Filled'
import { isCode } from './asking'
import classes from './requests.module.css'

/** Opens what was approved with the code from the mail. */
export function Claim({ grant, onClaimed, onClose }: { grant: string, onClaimed: () => void, onClose: () => void }) {
  const { common, requests: t } = useText()
  const format = useFormat()
  const claim = useAction('claim')
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const [claimed, setClaimed] = useState<AnswerOf<'claim'> | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isCode(code))
      void claim.run({ grant, code: code.trim() }).then(answer => {
        setClaimed(answer)
        if (answer) onClaimed()
      })
  }
  const names = claimed?.partitions.map(name => partitionName(common, name)) ?? []
  if (claimed)
    return (
      <div role="status" className={classes.claimed}>
        <p><strong><Filled text={t.claimedWhat} parts={{ owner: <Foreign text={addressOf(claimed.owner, t)} />, partitions: format.list(names) }} /></strong></p>
        <p>{t.released(format.number(claimed.released))} {claimed.pending.length > 0 && t.claimPending(format.list(claimed.pending.map(visible)))}</p>
        <Button component={Link} size="sm" href={`/patients/${encodeURIComponent(claimed.account)}`}>{t.toPatient}</Button>
      </div>
    )
  return (
    <form onSubmit={submit} className={classes.claim} autoComplete="off">
      <TextInput
        label={t.claimTitle} description={t.claimWhat} value={code} onChange={event => { setCode(event.currentTarget.value) }} error={tried && !isCode(code) ? t.codeFault : null}
        autoComplete="one-time-code" autoCapitalize="characters" spellCheck={false} autoFocus
      />
      {claim.running && <ProgressLine label={t.claiming} part={null} />}
      {claim.failure && <Failure error={claim.failure} />}
      <Group>
        <Button type="submit" size="sm" loading={claim.running}>{t.claimNow}</Button>
        <Button variant="default" size="sm" onClick={onClose}>{common.cancel}</Button>
      </Group>
    </form>
  )
}
