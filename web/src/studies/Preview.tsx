import type { JoinPreview, Study } from '../core/research'
import { ValueTable } from '../parts/ValueTable'
import { visible } from '../parts/visible'
import { unitOf } from '../parts/unit'
import { useFormat, useText } from '../text'
import { useResearchText } from '../text/research'
import classes from './studies.module.css'
import { byMethod, spoken } from './studies'

/** What would be contributed: of the copy, counts; of the own figures, what they are. */
export function Preview({ preview: { copy, row }, study }: { preview: JoinPreview, study: Study }) {
  const { records: { fhir } } = useText()
  const { research, studies: t } = useResearchText()
  const format = useFormat()
  const typeOf = (type: string) => (Object.hasOwn(fhir.types, type) ? fhir.types[type]! : visible(type))
  const methodOf = (method: string) => (Object.hasOwn(t.methods, method) ? t.methods[method]! : <span lang="en">{visible(method)}</span>)
  const columnOf = (column: string) => (Object.hasOwn(research.columnNames, column) ? research.columnNames[column]! : visible(column))
  const unit = (name: string) => visible(unitOf(study.variables.find(variable => variable.name === name)?.unit ?? ''))
  const valueOf = (name: string, value: number | string | null) => (value === null ? t.absent : typeof value === 'number' ? `${format.number(value)} ${unit(name)}`.trim() : visible(spoken(value)))
  const entries = copy?.resources.reduce((sum, one) => sum + one.count, 0) ?? 0
  return (
    <>
      {copy && (
        <>
          <h3 className={classes.small}>{t.previewCopy(entries, format.bytes(copy.bytes))}</h3>
          <ValueTable label={t.resourcesOf} head={[t.kind, t.count]} rows={copy.resources.map(one => [typeOf(one.type), format.number(one.count)])} />
          {copy.images + copy.imagesLeftOut > 0 && <p className={classes.text}>{t.images(copy.images, copy.imagesLeftOut)}</p>}
          <h3 className={classes.small}>{t.changes}</h3>
          <p className={classes.dimmed}>{t.changesText}</p>
          <ValueTable label={t.changes} head={[t.method, t.count]} rows={byMethod(copy.changes).map(one => [methodOf(one.method), format.number(one.count)])} />
          {copy.columns.length > 0 && (
            <>
              <h3 className={classes.small}>{t.previewColumns}</h3>
              <ValueTable label={t.previewColumns} head={[t.figure, t.values]} rows={copy.columns.map(one => [columnOf(one.column), one.value === '' ? t.absent : visible(one.value)])} />
            </>
          )}
          <details>
            <summary>{t.everyChange}</summary>
            <ValueTable label={t.everyChange} head={[t.path, t.method, t.count]}
              rows={copy.changes.map(one => [<bdi dir="ltr" key="path">{visible(one.path)}</bdi>, methodOf(one.method), format.number(one.count)])} />
          </details>
        </>
      )}
      {row.length > 0 && (
        <>
          <h3 className={classes.small}>{t.previewRow}</h3>
          <p className={classes.dimmed}>{t.previewRowText}</p>
          <ValueTable label={t.previewRow} head={[t.figure, t.values]} rows={row.map(one => [visible(spoken(one.name)), valueOf(one.name, one.value)])} />
        </>
      )}
    </>
  )
}
