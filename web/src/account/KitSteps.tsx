import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { IconPrinter } from '../parts/icons'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import classes from './account.module.css'
import { endsWithTyped } from './kit'
import { KitSheet } from './KitSheet'

interface Props {
  kit: string
  mail: string
  /** Above the title: which step this is. */
  step?: string
  /** It takes the place of another, which opens the account until this one is proven to be on paper. */
  replaces?: boolean
  /** Nothing follows it. */
  last?: boolean
  onProven: () => void
}

/** Shows a new recovery kit, once, and has it proven that it is on paper. It is held here and nowhere else, until then. */
export function KitSteps({ kit, mail, step, replaces = false, last = true, onProven }: Props) {
  const { account: t, common } = useText()
  const [onPaper, setOnPaper] = useState(false)
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const { run, running, failure } = useAction(replaces ? 'recovery.adopt' : 'recovery.prove')
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent) => { event.preventDefault() }
    window.addEventListener('beforeunload', hold)
    return () => { window.removeEventListener('beforeunload', hold) }
  }, [])
  const prove = async () => {
    const fits = endsWithTyped(kit, typed)
    setWrong(!fits)
    if (fits && await run({ kit })) onProven()
  }
  if (onPaper)
    return (
      <form key="prove" onSubmit={event => { event.preventDefault(); void prove() }} noValidate>
        {step && <p className={classes.step}>{step}</p>}
        <PageTitle title={t.prove.title} text={t.prove.text} />
        <Stack>
          <TextInput
            label={t.prove.label} value={typed} onChange={event => { setTyped(event.currentTarget.value); setWrong(false) }} error={wrong ? t.prove.wrong : undefined}
            autoFocus autoComplete="off" autoCapitalize="characters" spellCheck={false} required withAsterisk={false}
          />
          {failure && <Failure error={failure} />}
          {failure && replaces && <p className={classes.note} role="status">{t.prove.both}</p>}
          <Group justify="space-between">
            <Button variant="default" onClick={() => { setOnPaper(false) }}>{t.prove.back}</Button>
            <Button type="submit" loading={running}>{last ? t.prove.done : common.next}</Button>
          </Group>
        </Stack>
      </form>
    )
  return (
    <div key="sheet">
      <div className="no-print">
        {step && <p className={classes.step}>{step}</p>}
        <PageTitle title={t.kit.title} text={<>{t.kit.text} <strong>{t.kit.once}</strong>{replaces && ` ${t.kit.untilProven}`}</>} />
      </div>
      <Stack>
        <KitSheet kit={kit} mail={mail} />
        <Group justify="space-between" className="no-print">
          <Button variant="default" leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => { window.print() }}>{t.kit.print}</Button>
          <Button onClick={() => { setOnPaper(true) }}>{t.kit.printed}</Button>
        </Group>
      </Stack>
    </div>
  )
}
