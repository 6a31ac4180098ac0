import { Title } from '@mantine/core'
import { QrCode } from '../parts/QrCode'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import { Wordmark } from '../shell/Wordmark'
import { kitGroups } from './kit'
import classes from './KitSheet.module.css'

/** The recovery kit as it is printed: on the screen it is the same sheet. */
export function KitSheet({ kit, mail }: { kit: string, mail: string }) {
  const { account: { kit: t } } = useText()
  const format = useFormat()
  return (
    <article className={classes.sheet}>
      <div className={classes.head}>
        <Wordmark />
        <span>{t.made(format.day(new Date()))}</span>
      </div>
      <Title order={2} size="h3">{t.sheetTitle}</Title>
      <p>{t.sheetFor(visible(mail))}</p>
      <div className={classes.code}>
        <ol className={classes.groups} aria-label={t.code}>{kitGroups(kit).map((group, at) => <li key={at}>{group}</li>)}</ol>
        <QrCode text={kit} label={t.qr} size={150} />
      </div>
      <dl className={classes.words}>
        <dt>{t.what}</dt><dd>{t.whatText}</dd>
        <dt>{t.keep}</dt><dd>{t.keepText}</dd>
        <dt>{t.use}</dt><dd>{t.useText}</dd>
      </dl>
    </article>
  )
}
