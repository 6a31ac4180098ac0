import { Button, FileButton, Group } from '@mantine/core'
import { useState, type DragEvent } from 'react'
import { asFailure } from '../../core/useCore'
import type { CoreFailure } from '../../core/api'
import { Failure } from '../../parts/Failure'
import { IconFolder, IconUpload } from '../../parts/icons'
import { useText } from '../../text'
import classes from './Add.module.css'
import { choose, droppedFiles, type Chosen } from './chosen'

export function DropZone({ onFiles }: { onFiles: (files: Chosen[]) => void }) {
  const { upload: t } = useText()
  const [over, setOver] = useState(false)
  const [failure, setFailure] = useState<CoreFailure | null>(null)
  const take = (files: Promise<File[]>) => {
    setFailure(null)
    files.then(choose).then(onFiles, (problem: unknown) => { setFailure(asFailure(problem)) })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(droppedFiles(event.dataTransfer))
  }
  return (
    <>
      <div className={classes.drop} data-over={over || undefined} onDragOver={event => { event.preventDefault(); setOver(true) }} onDragLeave={() => { setOver(false) }} onDrop={drop}>
        <IconUpload size={36} aria-hidden className={classes.dropIcon} />
        <p className={classes.dropText}>{t.drop}</p>
        <p className={classes.dimmed}>{t.or}</p>
        <Group justify="center">
          <FileButton multiple onChange={files => { take(Promise.resolve(files)) }} inputProps={{ 'aria-label': t.chooseFiles }}>
            {props => <Button {...props}>{t.chooseFiles}</Button>}
          </FileButton>
          <FileButton multiple onChange={files => { take(Promise.resolve(files)) }} inputProps={{ 'aria-label': t.chooseFolder, ...{ webkitdirectory: '' } }}>
            {props => <Button variant="default" {...props} leftSection={<IconFolder size={18} aria-hidden />}>{t.chooseFolder}</Button>}
          </FileButton>
        </Group>
      </div>
      {failure && <Failure error={failure} />}
    </>
  )
}
