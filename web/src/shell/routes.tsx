import { lazy, type ComponentType, type LazyExoticComponent } from 'react'

/** Every screen: where it is, who sees it in the navigation, and its code, loaded when it is needed. Each module exports its screen as `default`. */
export interface Route {
  path: string
  /** Key of the text `shell.nav`; none for screens that others lead to. */
  nav?: 'home' | 'search' | 'sharing' | 'requests' | 'patients' | 'readings' | 'studies' | 'research' | 'contacts' | 'access' | 'storage' | 'emergency' | 'alarms' | 'settings'
  screen: LazyExoticComponent<ComponentType>
}

export const routes: Route[] = [
  { path: '/', nav: 'home', screen: lazy(() => import('../home/HomeScreen')) },
  { path: '/add', screen: lazy(() => import('../records/AddScreen')) },
  { path: '/record/:record', screen: lazy(() => import('../records/RecordScreen')) },
  { path: '/record/:record/servers', screen: lazy(() => import('../evidence/HoldingsScreen')) },
  { path: '/search', nav: 'search', screen: lazy(() => import('../search/SearchScreen')) },
  { path: '/sharing', nav: 'sharing', screen: lazy(() => import('../sharing/GrantsScreen')) },
  { path: '/sharing/new', screen: lazy(() => import('../sharing/ShareScreen')) },
  { path: '/requests', nav: 'requests', screen: lazy(() => import('../requests/RequestsScreen')) },
  { path: '/patients', nav: 'patients', screen: lazy(() => import('../clinician/PatientsScreen')) },
  { path: '/patients/:account', screen: lazy(() => import('../clinician/PatientScreen')) },
  { path: '/patients/:account/write', screen: lazy(() => import('../clinician/WriteScreen')) },
  { path: '/readings', nav: 'readings', screen: lazy(() => import('../readings/SeriesListScreen')) },
  { path: '/readings/:account/:series', screen: lazy(() => import('../readings/ReadingsScreen')) },
  { path: '/studies', nav: 'studies', screen: lazy(() => import('../studies/StudiesScreen')) },
  { path: '/studies/:study', screen: lazy(() => import('../studies/StudyScreen')) },
  { path: '/research', nav: 'research', screen: lazy(() => import('../research/ResearchScreen')) },
  { path: '/research/new', screen: lazy(() => import('../research/OpenStudyScreen')) },
  { path: '/research/:study', screen: lazy(() => import('../research/DeskScreen')) },
  { path: '/contacts', nav: 'contacts', screen: lazy(() => import('../contacts/ContactsScreen')) },
  { path: '/access', nav: 'access', screen: lazy(() => import('../access/AccessScreen')) },
  { path: '/storage', nav: 'storage', screen: lazy(() => import('../storage/StorageScreen')) },
  { path: '/emergency', nav: 'emergency', screen: lazy(() => import('../emergency/EmergencyScreen')) },
  { path: '/alarms', nav: 'alarms', screen: lazy(() => import('../alarms/AlarmsScreen')) },
  { path: '/settings', nav: 'settings', screen: lazy(() => import('../settings/SettingsScreen')) },
  { path: '/login', screen: lazy(() => import('../account/LoginAgain')) },
]
