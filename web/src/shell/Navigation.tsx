import { UnstyledButton } from '@mantine/core'
import { Link, useLocation } from 'wouter'
import {
  IconAddressBook, IconAlertOctagon, IconDatabase, IconDots, IconEye, IconFlask, IconHeartRateMonitor, IconHome, IconReportAnalytics, IconInbox, IconSearch, IconSettings, IconShare2, IconUserHeart, IconAmbulance,
} from '../parts/icons'
import { usePendingRequests } from '../requests/usePendingRequests'
import { useText } from '../text'
import classes from './Navigation.module.css'
import { routes, type Route } from './routes'
import { useIdentity, useSession } from './session'

type Place = NonNullable<Route['nav']>

const icons: Record<Place, typeof IconHome> = {
  home: IconHome, search: IconSearch, sharing: IconShare2, requests: IconInbox, patients: IconUserHeart, readings: IconHeartRateMonitor, studies: IconFlask, research: IconReportAnalytics,
  contacts: IconAddressBook, access: IconEye, storage: IconDatabase,
  emergency: IconAmbulance, alarms: IconAlertOctagon, settings: IconSettings,
}

const all = routes.filter((route): route is Route & { nav: Place } => route.nav !== undefined)
const below = new Set<Place>(['emergency', 'alarms', 'settings'])
const onPhone: Place[] = ['home', 'search', 'sharing', 'requests']
const onPhoneOfOrganisation: Place[] = ['patients', 'search', 'requests', 'home']

/** A screen belongs to the place whose path it begins with; records belong to home. */
function useHere(): Place | null {
  const [location] = useLocation()
  const found = all.find(place => place.path !== '/' && (location === place.path || location.startsWith(`${place.path}/`)))
  return found?.nav ?? (location === '/' || location === '/add' || location.startsWith('/record/') ? 'home' : null)
}

/** An organisation has its patients first, and a desk for research; a person finds that one by the studies. */
function usePlaces() {
  const { organisation } = useIdentity()
  return organisation === null
    ? { places: all.filter(place => place.nav !== 'research'), tabs: onPhone }
    : { places: [...all.filter(place => place.nav === 'patients'), ...all.filter(place => place.nav !== 'patients')], tabs: onPhoneOfOrganisation }
}

function usePlaceNames(): (place: Place) => string {
  const { shell: { nav } } = useText()
  const { organisation } = useIdentity()
  return place => (place === 'patients' && !organisation ? nav.shared : nav[place])
}

/** All places, as a list of links; the current one is announced. */
export function Navigation({ onGo }: { onGo?: () => void }) {
  const { requests, shell: t } = useText()
  const here = useHere()
  const nameOf = usePlaceNames()
  const { places } = usePlaces()
  const { alarms } = useSession()
  const pending = usePendingRequests() ?? 0
  const entry = ({ nav, path }: typeof places[number]) => {
    const Icon = icons[nav]
    return (
      <li key={nav}>
        <Link href={path} className={classes.link} aria-current={here === nav ? 'page' : undefined} onClick={onGo}>
          <Icon size={21} stroke={1.7} aria-hidden />
          <span>{nameOf(nav)}</span>
          {nav === 'requests' && pending > 0 && <span className={classes.count}><span aria-hidden>{pending}</span><span className={classes.heard}>{requests.waiting(pending)}</span></span>}
          {nav === 'alarms' && alarms.length > 0 && <span className={classes.count}><span aria-hidden>{alarms.length}</span><span className={classes.heard}>{t.openAlarms(alarms.length)}</span></span>}
        </Link>
      </li>
    )
  }
  return (
    <nav aria-label={t.nav.label} className={classes.nav}>
      <ul>{places.filter(place => !below.has(place.nav)).map(entry)}</ul>
      <ul className={classes.below}>{places.filter(place => below.has(place.nav)).map(entry)}</ul>
    </nav>
  )
}

/** The four places used most, at the thumb; the others behind "More". */
export function BottomBar({ onMore }: { onMore: () => void }) {
  const { shell: t } = useText()
  const here = useHere()
  const nameOf = usePlaceNames()
  const { places, tabs } = usePlaces()
  return (
    <nav aria-label={t.nav.often} className={classes.bottom}>
      {places.filter(place => tabs.includes(place.nav)).map(({ nav, path }) => {
        const Icon = icons[nav]
        return (
          <Link key={nav} href={path} className={classes.tab} aria-current={here === nav ? 'page' : undefined}>
            <Icon size={22} stroke={1.7} aria-hidden /><span>{nameOf(nav)}</span>
          </Link>
        )
      })}
      <UnstyledButton className={classes.tab} onClick={onMore} data-current={(here && !tabs.includes(here)) || undefined}>
        <IconDots size={22} aria-hidden /><span>{t.nav.more}</span>
      </UnstyledButton>
    </nav>
  )
}
