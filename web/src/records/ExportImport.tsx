import { Button } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { IconFileExport } from '../parts/icons'
import { visible } from '../parts/visible'
import { useText } from '../text'
import { download } from './download'
import classes from './Record.module.css'

/** Gives back the file that an import was made from, out of the areas that may be read. */
export function ExportImport({ importId }: { importId: string }) {
  const { records: t } = useText()
  const { run, running, failure } = useAction('export')
  const [done, setDone] = useState<{ exact: boolean, complaints: string[] } | null>(null)
  const go = async () => {
    setDone(null)
    const answer = await run({ import: importId })
    if (!answer) return
    download(answer.blob, `${importId}.json`)
    setDone(answer)
  }
  return (
    <>
      <Button variant="default" loading={running} onClick={() => { void go() }} leftSection={<IconFileExport size={18} aria-hidden />}>{t.exportAll}</Button>
      <div role="status" className={classes.exported}>
        {running && t.exporting}
        {done && <p>{done.exact ? t.exportedExact : t.exportedPart}</p>}
        {done && done.complaints.length > 0 && <ul lang="en">{done.complaints.map((complaint, at) => <li key={at}>{visible(complaint)}</li>)}</ul>}
      </div>
      {failure && <Failure error={failure} />}
    </>
  )
}
