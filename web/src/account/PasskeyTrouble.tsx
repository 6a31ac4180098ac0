import { Failure } from '../parts/Failure'
import { useText } from '../text'
import classes from './account.module.css'
import type { PasskeyProblem } from './usePasskey'

/** Why a passkey did not work. */
export function PasskeyTrouble({ problem }: { problem: PasskeyProblem | null }) {
  const { account: t } = useText()
  if (!problem) return null
  return 'core' in problem ? <Failure error={problem.core} /> : <p className={classes.trouble} role="alert">{t.passkeyFailures[problem.passkey]}</p>
}
