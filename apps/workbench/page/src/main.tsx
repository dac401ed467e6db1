import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import './styles/tokens.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/cards.css';
import './styles/tables.css';
import './styles/notices.css';
import './styles/traffic.css';
import './styles/health.css';
import './styles/picker.css';
import './styles/sql.css';
import './styles/narrow.css';

/** What was asked stays good until the range moves or something new is in the lake: both change the question. */
const client = new QueryClient({
  defaultOptions: { queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false } },
});

createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={client}>
    <App />
  </QueryClientProvider>,
);
