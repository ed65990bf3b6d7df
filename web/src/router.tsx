// Every page of the app, one line each. Pages other than the shell arrive when they are needed.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readAdmin } from './features/admin/tabs';
import { readCompare } from './features/compare/search';
import { readDatasetList } from './features/datasets/listSearch';
import { readDatasetSearch } from './features/datasets/search';
import { readSearch } from './features/history/search';
import { readBoard } from './features/jobs/board';
import { readRegistry } from './features/registry/names';
import { readSettings } from './features/settings/parts';
import { NotFound } from './routes/NotFound';
import { RouteFailure } from './routes/RouteFailure';
import { Shell } from './routes/Shell';
import { LoadingPage } from './ui/Loading';

const root = createRootRoute({ component: Shell, notFoundComponent: () => <NotFound />, errorComponent: RouteFailure });

const home = createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('./routes/HomePage'), 'HomePage') });

const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: lazyRouteComponent(() => import('./routes/WelcomePage'), 'WelcomePage') });

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: lazyRouteComponent(() => import('./routes/SignInPage'), 'SignInPage') });

const signInReturn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/return',
  component: lazyRouteComponent(() => import('./routes/SignInReturnPage'), 'SignInReturnPage'),
});

const signUp = createRoute({ getParentRoute: () => root, path: '/sign-up', component: lazyRouteComponent(() => import('./routes/SignUpPage'), 'SignUpPage') });

const reset = createRoute({ getParentRoute: () => root, path: '/reset', component: lazyRouteComponent(() => import('./routes/ResetPage'), 'ResetPage') });

const verify = createRoute({ getParentRoute: () => root, path: '/verify', component: lazyRouteComponent(() => import('./routes/VerifyPage'), 'VerifyPage') });

const datasets = createRoute({
  getParentRoute: () => root,
  path: '/datasets',
  validateSearch: readDatasetList,
  component: lazyRouteComponent(() => import('./routes/DatasetsPage'), 'DatasetsPage'),
});

const dataset = createRoute({
  getParentRoute: () => root,
  path: '/datasets/$datasetId',
  validateSearch: readDatasetSearch,
  component: lazyRouteComponent(() => import('./routes/DatasetPage'), 'DatasetPage'),
});

const configure = createRoute({
  getParentRoute: () => root,
  path: '/datasets/$datasetId/train',
  validateSearch: readDatasetSearch,
  component: lazyRouteComponent(() => import('./routes/ConfigurePage'), 'ConfigurePage'),
});

const history = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./routes/HistoryPage'), 'HistoryPage'),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: readCompare,
  component: lazyRouteComponent(() => import('./routes/ComparePage'), 'ComparePage'),
});

const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$jobId',
  validateSearch: readBoard,
  component: lazyRouteComponent(() => import('./routes/JobPage'), 'JobPage'),
});

const predict = createRoute({
  getParentRoute: () => root,
  path: '/models/$modelId/predict',
  component: lazyRouteComponent(() => import('./routes/PredictPage'), 'PredictPage'),
});

const batch = createRoute({
  getParentRoute: () => root,
  path: '/models/$modelId/batch',
  component: lazyRouteComponent(() => import('./routes/BatchPage'), 'BatchPage'),
});

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  validateSearch: readAdmin,
  component: lazyRouteComponent(() => import('./routes/AdminPage'), 'AdminPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: readSettings,
  component: lazyRouteComponent(() => import('./routes/SettingsPage'), 'SettingsPage'),
});

const registry = createRoute({
  getParentRoute: () => root,
  path: '/registry',
  validateSearch: readRegistry,
  component: lazyRouteComponent(() => import('./routes/RegistryPage'), 'RegistryPage'),
});

const registeredModel = createRoute({
  getParentRoute: () => root,
  path: '/registry/$registeredId',
  component: lazyRouteComponent(() => import('./routes/RegisteredModelPage'), 'RegisteredModelPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, welcome, signIn, signInReturn, signUp, reset, verify, datasets, dataset, configure, history, compare, job, predict, batch, registry, registeredModel, admin, settings]),
  defaultPreload: 'intent',
  defaultPendingComponent: () => <LoadingPage label="Loading the page" />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
