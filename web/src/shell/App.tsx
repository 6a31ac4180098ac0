import { MantineProvider } from '@mantine/core'
import { Suspense } from 'react'
import { Route, Router, Switch } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { routes } from './routes'

export function App() {
  return (
    <MantineProvider withCssVariables={false} defaultColorScheme="auto">
      <Router hook={useHashLocation}>
        <Suspense>
          <Switch>{routes.map(route => <Route key={route.path} path={route.path} component={route.screen} />)}</Switch>
        </Suspense>
      </Router>
    </MantineProvider>
  )
}
