import { Button, Progress } from '@mantine/core'
import { useText } from '../text'
import { IconPlayerStop } from './icons'
import classes from './ProgressLine.module.css'

interface Props {
  /** What is going on: "Storing at north". */
  label: string
  /** 0 to 1; null while nobody knows. */
  part: number | null
  onCancel?: () => void
}

/** How far something is. A screen reader hears it every ten percent, not every byte. */
export function ProgressLine({ label, part, onCancel }: Props) {
  const t = useText()
  const percent = part === null ? null : Math.min(100, Math.max(0, Math.floor(part * 100)))
  return (
    <div className={classes.line}>
      <div className={classes.bar}>
        <div className={classes.words}>
          <span>{label}</span>
          <span className={classes.percent} aria-hidden>{percent === null ? '' : t.shell.percent(percent)}</span>
        </div>
        <Progress.Root size="sm"><Progress.Section value={percent ?? 100} animated={percent === null} aria-label={label} /></Progress.Root>
        <span className={classes.heard} role="status">{percent === null ? label : `${label}: ${t.shell.percent(percent - (percent % 10))}`}</span>
      </div>
      {onCancel && <Button variant="default" size="sm" onClick={onCancel} leftSection={<IconPlayerStop size={16} aria-hidden />}>{t.shell.stop}</Button>}
    </div>
  )
}
