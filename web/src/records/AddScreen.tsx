import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { visible } from '../parts/visible'
import { useQuery } from '../shell/place'
import { useText } from '../text'
import { ChosenFiles } from './add/ChosenFiles'
import { DropZone } from './add/DropZone'
import { Options } from './add/Options'
import { Results } from './add/Results'
import { Storing } from './add/Storing'
import { noOptions, readyOptions, type Chosen, type UploadOptions } from './add/chosen'
import { useUploads } from './add/useUploads'

/** Puts files into the own record, or into that of a patient who lets this account add to it. */
export default function AddScreen() {
  const { upload: t } = useText()
  const forMail = useQuery().get('for') ?? ''
  const [chosen, setChosen] = useState<Chosen[]>([])
  const [options, setOptions] = useState<UploadOptions>({ ...noOptions, for: forMail })
  const uploads = useUploads()
  const { run } = uploads
  const ready = chosen.filter(one => one.file.size > 0)
  const toWhom = options.for.trim()

  if (run.state === 'storing') return <><PageTitle title={t.storing(visible(run.name))} /><Storing run={run} onCancel={uploads.cancel} /></>
  if (run.state === 'ended') {
    const count = run.stored.reduce((sum, one) => sum + one.records.length, 0)
    return (
      <>
        <PageTitle title={count > 0 ? t.done(count) : t.title} />
        <Results run={run} onRetry={() => { uploads.go(run.left, options) }} onSkip={() => { uploads.go(run.left.slice(1), options) }} />
        <Group>
          <Button component={Link} href="/">{t.home}</Button>
          <Button variant="default" onClick={() => { setChosen([]); uploads.clear() }}>{t.more}</Button>
        </Group>
      </>
    )
  }
  return (
    <>
      <PageTitle title={toWhom ? t.forTitle(visible(toWhom)) : t.title} text={toWhom ? t.forText : t.intro} />
      <DropZone onFiles={files => { setChosen(before => [...before, ...files]) }} />
      {chosen.length > 0 && (
        <form onSubmit={event => { event.preventDefault(); uploads.go(ready, options) }}>
          <Panel title={t.chosen(chosen.length)}><ChosenFiles chosen={chosen} onChange={setChosen} /></Panel>
          <Panel title={t.details}><Options options={options} onChange={setOptions} allImports={ready.length > 0 && ready.every(one => one.asImport)} /></Panel>
          <Button type="submit" size="lg" disabled={ready.length === 0 || !readyOptions(options)}>{t.start(ready.length)}</Button>
        </form>
      )}
    </>
  )
}
