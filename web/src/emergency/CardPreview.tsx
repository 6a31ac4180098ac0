import { useEffect, useRef, useState } from 'react'
import { Foreign } from '../parts/Foreign'
import { QrCode } from '../parts/QrCode'
import { useFormat, useText } from '../text'
import { asBytes, back, byteLength, front, mostBytes, textOf, type Line, type Section } from './card'
import classes from './Emergency.module.css'

/** Both sides of the card in its true size, as they are printed. */
export function CardPreview({ lines }: { lines: Line[] }) {
  const { emergency: t } = useText()
  const format = useFormat()
  const text = textOf(lines, t.cardTitle, t.sections)
  const bytes = byteLength(text)
  const sides = useRef<HTMLDivElement>(null)
  const [full, setFull] = useState(false)
  useEffect(() => { setFull([...sides.current?.querySelectorAll(`.${classes.words}`) ?? []].some(side => side.scrollHeight > side.clientHeight + 1)) }, [lines, t])
  const side = (which: Section[]) => which.map(section => {
    const texts = lines.filter(line => line.section === section)
    return texts.length > 0 && (
      <p key={section} className={section === 'name' ? classes.cardName : undefined}>
        {section !== 'name' && <strong>{t.sections[section]}: </strong>}
        {texts.map((line, at) => <span key={line.text}>{at > 0 && '; '}<Foreign text={line.text} /></span>)}
      </p>
    )
  })
  return (
    <>
      <div className={classes.cards} ref={sides}>
        <section className={classes.card} aria-label={t.front} data-side="front">
          <div className={classes.cardHead}><span>{t.cardTitle}</span><span>{t.made(format.day(new Date()))}</span></div>
          <div className={classes.words}>{side(front)}</div>
        </section>
        <section className={classes.card} aria-label={t.back} data-side="back">
          <div className={classes.words}>{side(back)}</div>
          {bytes <= mostBytes && <div className={classes.code}><QrCode text={asBytes(text)} label={t.qrLabel} size={96} /><span>{t.qrNote}</span></div>}
        </section>
      </div>
      <div role="status" className="no-print">
        {bytes > mostBytes && <p className={classes.warning}>{t.tooLong(bytes, mostBytes)}</p>}
        {full && <p className={classes.warning}>{t.doesNotFit}</p>}
      </div>
    </>
  )
}
