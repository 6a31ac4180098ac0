import { Button, Group } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { Foreign } from '../../parts/Foreign'
import { Loading } from '../../parts/Loading'
import { visible } from '../../parts/visible'
import { useFormat, useText } from '../../text'
import { Viewer } from '../Viewer'
import recordClasses from '../Record.module.css'
import classes from './Fhir.module.css'
import { written, type Fields } from './json'
import type { Item } from './load'
import type { Speaker } from './say'
import { summarise, type Attachment } from './summary'

const rawLimit = 200_000

/** Everything that one resource says, and what it looks like as it was written. */
export function ResourceCard({ item, speaker }: { item: Item, speaker: Speaker }) {
  const { records: t } = useText()
  const [resource, setResource] = useState<Fields | null | undefined>(item.resource ?? undefined)
  useEffect(() => {
    let here = true
    void item.load().catch(() => null).then(found => { if (here) setResource(found) })
    return () => { here = false }
  }, [item])
  if (resource === undefined) return <Loading />
  if (resource === null) return <p>{t.notFhir}</p>
  return <Card resource={resource} speaker={speaker} />
}

function Card({ resource, speaker }: { resource: Fields, speaker: Speaker }) {
  const { records: t } = useText()
  const format = useFormat()
  const summary = useMemo(() => summarise(resource, speaker, t.fhir), [resource, speaker, t])
  const [raw, setRaw] = useState(false)
  const text = useMemo(() => (raw ? written(resource) : ''), [raw, resource])
  return (
    <div>
      <dl className={recordClasses.facts}>
        {summary.when && <><dt>{t.date}</dt><dd>{summary.when}</dd></>}
        {summary.facts.map((fact, at) => (
          <div key={at} className={classes.fact}><dt lang={fact.raw ? 'en' : undefined}><Foreign text={fact.label} /></dt><dd><Foreign text={fact.value} /></dd></div>
        ))}
      </dl>
      {summary.items.length > 0 && (
        <>
          <h3 className={classes.small}>{t.lines}</h3>
          <div className={classes.scroll} tabIndex={0} role="group" aria-label={t.lines}>
            <table className={classes.plain}>
              <thead><tr><th scope="col">{t.what}</th><th scope="col">{t.amount}</th></tr></thead>
              <tbody>{summary.items.map((line, at) => <tr key={at}><td><Foreign text={line.text} /></td><td>{line.amount}</td></tr>)}</tbody>
            </table>
          </div>
        </>
      )}
      {summary.attachments.length > 0 && (
        <>
          <h3 className={classes.small}>{t.attachments}</h3>
          {summary.attachments.map((attachment, at) => <Attached key={at} attachment={attachment} />)}
        </>
      )}
      <Group mt="md"><Button variant="subtle" size="sm" aria-expanded={raw} onClick={() => { setRaw(!raw) }}>{t.showRaw}</Button></Group>
      {raw && (
        <>
          {text.length > rawLimit && <p>{t.rawCut(format.bytes(rawLimit))}</p>}
          <pre className={classes.raw} tabIndex={0} role="group" aria-label={t.rawTitle}>{text.slice(0, rawLimit)}</pre>
        </>
      )}
    </div>
  )
}

function Attached({ attachment }: { attachment: Attachment }) {
  const { records: t } = useText()
  const [shown, setShown] = useState<Blob | null>(null)
  const name = attachment.title || t.unnamed
  const open = () => {
    try {
      setShown(new Blob([Uint8Array.from(atob(attachment.base64.replace(/\s+/g, '')), letter => letter.charCodeAt(0))], { type: 'application/octet-stream' }))
    } catch {
      setShown(new Blob([]))
    }
  }
  return shown
    ? <Viewer content={shown} mediaType={attachment.mediaType} name={name} />
    : <Button variant="default" size="sm" onClick={open}>{t.showAttachment(visible(name))} ({visible(attachment.mediaType)})</Button>
}
