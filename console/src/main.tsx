import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router-dom';
import './app/fonts.css';
import './app/base.css';
import './ui/ui.css';
import './ui/table.css';
import './ui/lists.css';
import { connectCaches } from './api/live';
import { createCaches } from './app/caches';
import { createRouter } from './app/routes';
import { ThemeProvider } from './app/theme';
import { startLanguage } from './i18n';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
await startLanguage();
const caches = createCaches();
connectCaches(caches);
const router = createRouter();

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={caches}>
      <ThemeProvider>
        <RouterProvider router={router} future={{ v7_startTransition: true }} />
      </ThemeProvider>
    </QueryClientProvider>
  </StrictMode>,
);
