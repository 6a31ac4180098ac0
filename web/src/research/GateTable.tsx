import type { CohortReport, ReleaseRules } from '../core/research'
import { ValueTable } from '../parts/ValueTable'
import { visible } from '../parts/visible'
import { useFormat } from '../text'
import { useResearchText } from '../text/research'
import { measuresOf } from './gate'
import classes from './research.module.css'

/** What was found before and after columns were made coarser, beside what the study demands. */
export function GateTable({ report, rules }: { report: CohortReport, rules: ReleaseRules }) {
  const { research: t } = useResearchText()
  const format = useFormat()
  const percent = new Intl.NumberFormat(format.locale, { style: 'percent', maximumFractionDigits: 1 })
  const write = (value: number | null, isShare: boolean) => (value === null ? '' : isShare ? percent.format(value) : format.number(value))
  return (
    <>
      <ValueTable label={t.gate} head={[t.measure, t.before, t.after, t.demanded]} rows={measuresOf(report, rules).map(({ measure, before, after, atLeast, atMost, isShare }) => [
        t.measures[measure], write(before, isShare), write(after, isShare),
        atLeast !== undefined ? t.atLeast(write(atLeast, isShare)) : atMost !== undefined ? t.atMost(write(atMost, isShare)) : '',
      ])} />
      {report.release && report.release.levels.length > 0 && (
        <>
          <h3 className={classes.small}>{t.coarser}</h3>
          <ValueTable label={t.coarser} head={[t.column, t.level]} rows={report.release.levels.map(({ column, level, highest }) => [
            Object.hasOwn(t.columnNames, column) ? t.columnNames[column]! : visible(column), t.levelOf(format.number(level), format.number(highest)),
          ])} />
        </>
      )}
    </>
  )
}
