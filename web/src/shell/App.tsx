import { Button, MantineProvider } from '@mantine/core'
import { Suspense, useEffect } from 'react'
import { Link, Route, Router, Switch, useLocation } from 'wouter'
import { asFailure } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { useText } from '../text'
import { ErrorBoundary } from './ErrorBoundary'
import { Gate } from './Gate'
import { LanguageProvider } from './language'
import { usePlace, usePlaceSearch } from './place'
import { routes } from './routes'
import { SessionProvider, useIdentity } from './session'
import { cssVariables, theme } from './theme'

export function App() {
  return (
    <LanguageProvider>
      {/* No style element is ever made: the variables are in theme.css, responsive classes are not used. */}
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} withCssVariables={false} withGlobalClasses={false} defaultColorScheme="auto">
        <SessionProvider>
          <Router hook={usePlace} searchHook={usePlaceSearch}>
            <Gate><Screens /></Gate>
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
  const stopped = (problem: Error, again: () => void) => (
    <>
      <PageTitle title={t.crashed.title} text={t.crashed.text}><Button onClick={again}>{t.crashed.again}</Button></PageTitle>
      <Failure error={asFailure(problem)} />
    </>
  )
  return (
    <ErrorBoundary place={location} fallback={stopped}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {routes.map(route => <Route key={route.path} path={route.path} component={route.screen} />)}
          <Route><PageTitle title={t.notFound.title} /><EmptyState title={t.notFound.text} action={<Button component={Link} href="/">{t.notFound.home}</Button>} /></Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}
