import { Anchor, Button, Group } from '@mantine/core'
import { Link } from 'wouter'
import type { CoreError, CoreFailure } from '../core/api'
import { useText } from '../text'
import { explain, toneOf } from './explain'
import classes from './Failure.module.css'
import { Foreign } from './Foreign'
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle } from './icons'

const icons = { alarm: IconAlertOctagon, problem: IconAlertTriangle, quiet: IconInfoCircle }

interface Props {
  error: CoreFailure | CoreError
  /** Offers to try again. */
  onRetry?: () => void
}

/** Why something did not happen: what happened, what is safe, what to do; the core's own words under "Details". An alarm leads to the alarm centre. */
export function Failure({ error: problem, onRetry }: Props) {
  const t = useText()
  const error = 'error' in problem ? problem.error : problem
  const { what, safe, advice } = explain(error, t.errors)
  const tone = toneOf(error)
  const Icon = icons[tone]
  return (
    <div className={classes.failure} data-tone={tone} role={tone === 'quiet' ? 'status' : 'alert'}>
      <Icon size={24} aria-hidden className={classes.icon} />
      <div className={classes.text}>
        {tone === 'alarm' && <p className={classes.kind}>{t.errors.alarm}</p>}
        <p className={classes.what}>{what}</p>
        {safe && <p>{safe}</p>}
        {advice && <p>{advice}</p>}
        {(error.message || error.party) && (
          <details>
            <summary>{t.common.details}</summary>
            <p className={classes.detail} lang="en"><Foreign text={[error.party, error.message].filter(Boolean).join(': ')} /></p>
          </details>
        )}
        {(onRetry || tone === 'alarm' || error.code === 'no-session') && (
          <Group gap="md" mt="xs">
            {onRetry && <Button variant="default" size="sm" onClick={onRetry}>{t.common.retry}</Button>}
            {tone === 'alarm' && <Anchor component={Link} href="/alarms">{t.errors.toAlarms}</Anchor>}
            {error.code === 'no-session' && <Anchor component={Link} href="/login">{t.errors.toLogin}</Anchor>}
          </Group>
        )}
      </div>
    </div>
  )
}
