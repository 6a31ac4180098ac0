import '@mantine/core/styles.css'
import { createRoot } from 'react-dom/client'
import { App } from './shell/App'

createRoot(document.getElementById('page')!).render(<App />)
