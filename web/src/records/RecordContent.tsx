import { lazy, Suspense, useEffect, useState } from 'react'
import type { RecordSummary, ResourceEntry } from '../core/api'
import { Loading } from '../parts/Loading'
import { Panel } from '../parts/Panel'
import { useText } from '../text'
import { loadResources } from './fhir/load'
import type { Item } from './fhir/load'
import { Viewer } from './Viewer'

const FhirView = lazy(() => import('./fhir/FhirView'))

interface Props { blob: Blob, summary: RecordSummary, entries: ResourceEntry[], isFhir: boolean }

/** FHIR as words, everything else in the closed frame. */
export function RecordContent({ blob, summary, entries, isFhir }: Props) {
  const { records: t } = useText()
  const maybe = isFhir || /[/+](fhir\+)?(json|ndjson)$/.test(summary.mediaType) || /\.(json|ndjson)$/i.test(summary.name)
  const [items, setItems] = useState<Item[] | null>(maybe ? null : [])
  useEffect(() => {
    if (!maybe) return
    let here = true
    void loadResources(blob, entries).catch(() => []).then(found => { if (here) setItems(found) })
    return () => { here = false }
  }, [blob, entries, maybe])
  if (items === null) return <Panel title={t.content}><Loading /></Panel>
  if (items.length > 0) return <Suspense fallback={<Loading />}><FhirView items={items} /></Suspense>
  return (
    <Panel title={t.content} text={isFhir ? t.notFhir : t.viewerSealed}>
      <Viewer content={blob} mediaType={summary.mediaType} name={summary.name} />
    </Panel>
  )
}
