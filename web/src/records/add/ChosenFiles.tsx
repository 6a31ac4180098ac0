import { Button, Checkbox, CloseButton } from '@mantine/core'
import { useState } from 'react'
import { Foreign } from '../../parts/Foreign'
import { visible } from '../../parts/visible'
import { useFormat, useText } from '../../text'
import classes from './Add.module.css'
import type { Chosen } from './chosen'

const page = 50

export function ChosenFiles({ chosen, onChange }: { chosen: Chosen[], onChange: (chosen: Chosen[]) => void }) {
  const { upload: t, records } = useText()
  const format = useFormat()
  const [count, setCount] = useState(page)
  return (
    <>
      <ul className={classes.files}>
        {chosen.slice(0, count).map(one => (
          <li key={one.key}>
            <div className={classes.file}>
              <span className={classes.name}><Foreign text={one.file.name} /></span>
              <span className={classes.dimmed}>{one.file.size === 0 ? t.empty : format.bytes(one.file.size)}</span>
              <CloseButton aria-label={t.takeOut(visible(one.file.name))} onClick={() => { onChange(chosen.filter(other => other !== one)) }} />
            </div>
            {one.maybeFhir && (
              <Checkbox size="md" label={t.asImport} checked={one.asImport} onChange={event => {
                const asImport = event.currentTarget.checked
                onChange(chosen.map(other => (other === one ? { ...one, asImport } : other)))
              }} />
            )}
          </li>
        ))}
      </ul>
      {chosen.length > count && <Button variant="subtle" onClick={() => { setCount(count + page) }}>{records.more(Math.min(page, chosen.length - count))}</Button>}
    </>
  )
}
