import '@mantine/core/styles.css'
import './shell/theme.css'
import './shell/page.css'
import { createRoot } from 'react-dom/client'
import { App } from './shell/App'

createRoot(document.getElementById('page')!).render(<App />)
