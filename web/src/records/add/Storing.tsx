import { Panel } from '../../parts/Panel'
import { ProgressLine } from '../../parts/ProgressLine'
import { visible } from '../../parts/visible'
import { useText } from '../../text'
import { landedOf } from '../upload'
import classes from './Add.module.css'
import { Drawing } from './Drawing'
import type { Run } from './useUploads'

/** An upload while it runs: the drawing, the whole, and each store. */
export function Storing({ run, onCancel }: { run: Extract<Run, { state: 'storing' }>, onCancel: () => void }) {
  const { upload: t } = useText()
  const { upload } = run
  const { landed, all } = landedOf(upload)
  return (
    <Panel title={run.of > 1 ? t.of(run.at, run.of) : undefined}>
      <Drawing upload={upload} />
      <ProgressLine label={upload.phase === 'sealing' ? t.sealing : t.fragments(landed, all)} onCancel={onCancel}
        part={upload.phase === 'sealing' ? upload.part : all > 0 ? landed / all : upload.part} />
      <p className={classes.heard} role="status">{upload.last ? t.landed(upload.last.index + 1, visible(upload.last.store)) : ''}</p>
      {upload.stores.length > 0 && (
        <ul className={classes.stores}>
          {upload.stores.map(store => (
            <li key={store.name}>
              <span>{visible(store.name)}</span>
              <progress value={store.total > 0 ? store.done / store.total : 0} max={1} aria-label={t.atStore(visible(store.name))} />
              <span className={classes.dimmed}>{t.storeState(store.fragments.filter(fragment => fragment.landed).length, store.fragments.length)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
