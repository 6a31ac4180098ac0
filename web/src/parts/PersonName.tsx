import { useText } from '../text'
import { Foreign } from './Foreign'
import { IconBuilding, IconShieldCheck, IconUser } from './icons'
import classes from './PersonName.module.css'

interface Props {
  mail: string
  organisation?: string | null
  /** Whether the fingerprint was compared; leave it out where it does not matter. */
  verified?: boolean
}

/** Somebody: an organisation's name and its address, or an address; and whether the fingerprint was compared with them. */
export function PersonName({ mail, organisation = null, verified }: Props) {
  const { shell: t } = useText()
  const Icon = organisation ? IconBuilding : IconUser
  return (
    <span className={classes.person}>
      <Icon size={18} aria-hidden className={classes.icon} />
      <span className={classes.name}>
        <Foreign text={organisation ?? mail} />
        {organisation && <span className={classes.mail}><Foreign text={mail} /></span>}
        {verified !== undefined && (
          <span className={classes.verified} data-verified={verified || undefined}>
            {verified && <IconShieldCheck size={16} aria-hidden />}{verified ? t.compared : t.notCompared}
          </span>
        )}
      </span>
    </span>
  )
}
