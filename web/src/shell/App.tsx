import { Button, MantineProvider } from '@mantine/core'
import { Suspense, useEffect } from 'react'
import { Link, Route, Router, Switch, useLocation } from 'wouter'
import { EmptyState } from '../parts/EmptyState'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { ErrorBoundary } from './ErrorBoundary'
import { Gate } from './Gate'
import { LanguageProvider } from './language'
import { usePlace, usePlaceSearch } from './place'
import { routes } from './routes'
import { SessionProvider, useIdentity } from './session'
import { Sheet } from './Sheet'
import { Stopped } from './Stopped'
import { cssVariables, theme } from './theme'

export function App() {
  return (
    <LanguageProvider>
      {/* No style element is ever made: the variables are in theme.css, responsive classes are not used. */}
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} withCssVariables={false} withGlobalClasses={false} defaultColorScheme="auto">
        <SessionProvider>
          <Router hook={usePlace} searchHook={usePlaceSearch}>
            <ErrorBoundary place="all" fallback={(problem, again) => <Sheet><Stopped problem={problem} again={again} /></Sheet>}>
              <Gate><Screens /></Gate>
            </ErrorBoundary>
          </Router>
        </SessionProvider>
      </MantineProvider>
    </LanguageProvider>
  )
}

function Screens() {
  const { shell: t } = useText()
  const { organisation } = useIdentity()
  const [location, navigate] = useLocation()
  // An organisation begins with its patients; what it has itself is one step away.
  useEffect(() => { if (organisation !== null && location === '/') navigate('/patients', { replace: true }) }, [])
  return (
    <ErrorBoundary place={location} fallback={(problem, again) => <Stopped problem={problem} again={again} />}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {routes.map(route => <Route key={route.path} path={route.path} component={route.screen} />)}
          <Route><PageTitle title={t.notFound.title} /><EmptyState title={t.notFound.text} action={<Button component={Link} href="/">{t.notFound.home}</Button>} /></Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}
