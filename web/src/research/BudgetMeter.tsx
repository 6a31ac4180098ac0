import type { StudyBudget } from '../core/research'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import classes from './research.module.css'
import { useRho } from './useRho'

/** What is spent of the budget, and what a query would take of it. */
export function BudgetMeter({ budget: { total, spent }, cost }: { budget: StudyBudget, cost: number | null }) {
  const { statistics: t } = useResearchText()
  const rho = useRho(useFormat().locale)
  const share = (part: number) => `${Math.min(100, Math.max(0, total > 0 ? part / total * 100 : 0))}%`
  return (
    <>
      <div className={classes.meter} role="meter" aria-label={t.budgetTitle} aria-valuemin={0} aria-valuemax={total} aria-valuenow={spent} aria-valuetext={t.budgetLabel(rho(spent), rho(total))}>
        <div className={classes.spent} style={{ inlineSize: share(spent) }} />
        {cost !== null && <div className={classes.would} style={{ inlineSize: share(Math.min(cost, total - spent)) }} />}
      </div>
      <p className={classes.legend}>
        <strong>{t.budgetLabel(rho(spent), rho(total))}</strong><span>{t.budgetLeft(rho(total - spent))}</span>{cost !== null && <span>{t.budgetWith(rho(cost))}</span>}
      </p>
      <p className={classes.dimmed}>{t.budgetText}</p>
    </>
  )
}
